//! Connections.

use spandrel_base::Few;
use spandrel_base::LeanCollect;
use spandrel_syntax::ast::{Edge as AstEdge, KeyPath, Map as AstMap, Str, Value};

use super::{GLOB, Result, Scoper, path::prohibited};
use crate::ir::MAX_FIELDS_DEEP;
use crate::ir::{Composite, CtxId, Ends, FieldId, Link, LinkId, LinkRef, MapId, Name, Path};
use crate::sources::FileId;

impl<'a> Scoper<'a, '_> {
    /// Compiles a key with connections: `container.(a -> b -> c)[0].key: value`.
    pub(super) fn link_key(&mut self, context: CtxId) {
        let crate::ir::Context { key, map, file, .. } = self.ir.contexts[context];
        let Some(path) = &key.path else {
            self.links(context);
            return;
        };
        match self.ensure(map, path, Some(context), true) {
            Err(error) => self.report(error),
            Ok(fields) => {
                for field in fields.iter().copied() {
                    if matches!(self.ir.fields[field].composite, Composite::Array(_)) {
                        self.error(file, "C005", path.span, "this is an array, which holds no connections");
                        return;
                    }
                    let inner = self.ir.map_of_or_new(field);
                    let copy = self.context_in(context, inner);
                    self.links(copy);
                }
            }
        }
    }

    fn context_in(&mut self, context: CtxId, map: MapId) -> CtxId {
        let mut copy = self.ir.contexts[context];
        copy.map = map;
        self.ir.contexts.push(copy)
    }

    fn links(&mut self, context: CtxId) {
        let key = self.ir.contexts[context].key;
        for edge in &key.edges {
            let (Some(src), Some(dst)) = (&edge.src, &edge.dst) else { continue };
            if self.spent {
                return;
            }
            if let Some(part) = [src, dst].iter().find_map(|path| path.parts.get(MAX_FIELDS_DEEP)) {
                let file = self.file();
                self.error(file, "C002", part.span, "nested too deep");
                continue;
            }
            let mut copy = self.ir.contexts[context];
            copy.edge = Some(edge);
            let map = copy.map;
            let file = copy.file;
            let glob = key.index.is_some_and(|i| i.is_glob());
            let ends = Ends {
                src: self.names(src),
                src_arrow: edge.src_arrow == Some('<'),
                dst: self.names(dst),
                dst_arrow: edge.dst_arrow == Some('>'),
                index: key.index.and_then(|i| i.number),
            };
            if !glob && key.is_null() {
                self.delete_link(map, ends);
                continue;
            }
            let context = self.ir.contexts.push(copy);
            let links = if key.index.is_some() {
                let found = self.existing_links(&ends, context);
                if found.is_empty() && !glob {
                    self.error(file, "C010", edge.span, "there is no connection with this index").help = Some(
                        "indices count from 0 among connections with the same ends and arrows, above this line"
                            .into(),
                    );
                }
                let mut kept = Few::None;
                for link in found {
                    if self.touch_link(link, context) {
                        kept.push(link);
                    }
                }
                kept
            } else {
                match self.make_links(ends, context) {
                    Ok(links) => links,
                    Err(error) => {
                        self.report(error);
                        continue;
                    }
                }
            };
            for &link in &links {
                if !self.link_value(link, context) {
                    return;
                }
            }
        }
    }

    fn names(&mut self, path: &'a KeyPath) -> Path<'a> {
        path.parts.iter().map(|part| self.ir.names.of(part)).collect()
    }

    /// What `(a -> b)[…]` does to a connection that exists before its value is compiled. False: leave it.
    fn touch_link(&mut self, link: LinkId, context: CtxId) -> bool {
        let crate::ir::Context { key, board, map, edge, .. } = self.ir.contexts[context];
        if key.is_null() {
            let parent = self.ir.links[link].parent;
            self.spend(self.ir.maps[parent].links.len() as u64 / 8);
            self.ir.remove_link(parent, link);
            return false;
        }
        if let Some(ast) = key.map().filter(|map| map.has_filter()) {
            let own = self.ir.link_map_or_new(link);
            self.map_stack.push(context);
            let holds = self.filters_hold(own, ast, board);
            self.map_stack.pop();
            if !holds {
                return false;
            }
        }
        if let Some(on) = key.suspension()
            && !self.lazy
        {
            self.ir.links[link].suspended = on;
            self.suspends |= on;
            if !on {
                self.unsuspend_ends(link);
            }
        }
        let lazy = self.lazy;
        self.ir.links[link].refs.push(LinkRef { context, lazy });
        if let Some(edge) = edge {
            for path in edge.src.iter().chain(&edge.dst) {
                self.mention_path(map, path, context);
            }
        }
        true
    }

    /// Notes a mention of every object on a path that exists.
    fn mention_path(&mut self, map: MapId, path: &'a KeyPath, context: CtxId) {
        let mut map = map;
        for (index, part) in path.parts.iter().enumerate() {
            let name = self.ir.names.of(part);
            let Some(field) = self.ir.field(map, &name) else { return };
            let lazy = self.lazy;
            let index = index as u32;
            let reference = crate::ir::FieldRef { part: Some(part), path: Some(path), index, context, lazy };
            self.ir.add_ref(field, reference);
            self.ir.touch(field);
            let Some(below) = self.ir.map_of(field) else { return };
            map = below;
        }
    }

    /// A connection that comes back brings its ends and their containers along.
    fn unsuspend_ends(&mut self, link: LinkId) {
        let Link { parent, id, .. } = self.ir.links[link].clone();
        for path in [&id.src, &id.dst] {
            let mut at = self.ir.field_at(parent, path);
            while let Some(field) = at {
                self.ir.fields[field].suspended = false;
                at = self.ir.parent_field(field).filter(|&f| self.ir.fields[f].parent.is_some());
            }
        }
    }

    /// Compiles the value of a connection. False: a glob that comes back ends here.
    fn link_value(&mut self, link: LinkId, context: CtxId) -> bool {
        let crate::ir::Context { key, board, file, .. } = self.ir.contexts[context];
        if let Some(path) = &key.edge_path {
            let map = self.ir.link_map_or_new(link);
            self.field_key(map, path, context);
            return true;
        }
        let label = |value: &&Value| value.is_scalar() && !matches!(value, Value::Suspension(..));
        if let Some(primary) = key.primary.as_ref().filter(label) {
            if self.keeps_label(link) {
                return false;
            }
            self.ir.links[link].primary = Some(Self::scalar(primary, file));
        }
        match &key.value {
            Some(Value::Array(array)) => {
                self.error(file, "C011", array.span, "a connection cannot be an array");
            }
            Some(Value::Map(ast)) => {
                let map = self.ir.link_map_or_new(link);
                self.map_stack.push(context);
                self.map(map, ast, board);
                self.map_stack.pop();
            }
            Some(value) if label(&value) => {
                if self.keeps_label(link) {
                    return false;
                }
                self.ir.links[link].primary = Some(Self::scalar(value, file));
            }
            _ => {}
        }
        true
    }

    fn keeps_label(&self, link: LinkId) -> bool {
        let link = &self.ir.links[link];
        self.lazy
            && link.primary.is_some()
            && link.refs.iter().any(|r| self.ir.contexts[r.context].key.edge_path.is_none() && !r.lazy)
    }

    /// Takes `_` off both ends, going up, and what both ends share in front. Gives the map in which the
    /// rest lies, and the shared part. `None` where `_` leads nowhere.
    pub(super) fn resolve_ends(&mut self, map: MapId, ends: &mut Ends<'a>) -> Option<(MapId, Path<'a>)> {
        let ups = |path: &[Name<'_>]| path.iter().take_while(|n| n.is_parent()).count();
        let mut map = map;
        for _ in 0..ups(&ends.src).max(ups(&ends.dst)) {
            let own = self.ir.field_around(map).and_then(|f| self.ir.fields[f].name);
            for path in [&mut ends.src, &mut ends.dst] {
                if path.first()?.is_parent() {
                    path.remove(0);
                } else {
                    path.insert(0, own?);
                }
            }
            map = self.ir.parent_map(map)?;
        }
        if ends.src.is_empty() || ends.dst.is_empty() {
            return None;
        }
        let mut shared = 0;
        while ends.src.len() - shared > 1 && ends.dst.len() - shared > 1 {
            let (src, dst) = (&ends.src[shared], &ends.dst[shared]);
            if src.folded != dst.folded || src.text.contains('*') {
                break;
            }
            shared += 1;
        }
        let common = Path::from_slice(&ends.src[..shared]);
        if shared > 0 {
            ends.src = Path::from_slice(&ends.src[shared..]);
            ends.dst = Path::from_slice(&ends.dst[shared..]);
        }
        Some((map, common))
    }

    /// The connections that `(a -> b)[0]` or `(* -> b)[*]` mean.
    fn existing_links(&mut self, ends: &Ends<'a>, context: CtxId) -> Vec<LinkId> {
        let crate::ir::Context { key, edge, map: scope, file, glob, .. } = self.ir.contexts[context];
        let glob = glob.then(|| self.ensure_glob(context));
        let Some(AstEdge { src: Some(src), dst: Some(dst), .. }) = edge else { return Vec::new() };
        // Without filters, links that a glob has once looked at stay what they are for it.
        let filtered = key.map().is_some_and(AstMap::has_filter);
        let since =
            glob.filter(|_| !filtered).and_then(|glob| self.looked_at_links(glob, scope)).unwrap_or(0);
        let now = self.ir.links.len();
        if since == now {
            return Vec::new();
        }
        if let Some(glob) = glob {
            self.set_looked_links(glob, scope, now);
        }
        let mut ends = ends.clone();
        let Some((map, common)) = self.resolve_ends(scope, &mut ends) else { return Vec::new() };
        let mut maps = vec![map];
        if !common.is_empty() {
            let named = Self::with_parts(&common, src);
            let Ok(fields) = self.ensure_names(map, &named, false, file) else { return Vec::new() };
            maps = fields.into_iter().map(|field| self.ir.map_of_or_new(field)).collect();
        }
        let sources = self.ensure(scope, src, None, false).unwrap_or_default();
        let targets = self.ensure(scope, dst, None, false).unwrap_or_default();
        let mut found = Vec::new();
        if sources.len().saturating_mul(targets.len()) > 64 {
            self.links_among(&maps, &ends, &sources, &targets, since, &mut found);
            let Some(glob) = glob else { return found };
            found.retain(|&link| {
                let record = self.record_of_link(key, link);
                self.applied(glob).links.insert(record)
            });
            return found;
        }
        for map in maps {
            for &source in &sources {
                for &target in &targets {
                    if !self.spend(GLOB) {
                        return found;
                    }
                    let concrete = Ends {
                        src: self.ir.path_below(map, source),
                        dst: self.ir.path_below(map, target),
                        ..ends.clone()
                    };
                    let Some((inner, concrete)) = self.resolve_common(map, concrete) else { continue };
                    let alike = self.ir.count_links(inner, &concrete);
                    if !self.spend(u64::from(alike) / 4) {
                        return found;
                    }
                    for link in self.ir.links_like(inner, &concrete) {
                        if let Some(glob) = glob {
                            let record = self.record_of_link(key, link);
                            if !self.applied(glob).links.insert(record) {
                                continue;
                            }
                        }
                        found.push(link);
                    }
                }
            }
        }
        found
    }

    /// The links below `maps`, made since there were `since`, between any of `sources` and any of `targets`: what asking for every pair
    /// would give, without asking for every pair.
    fn links_among(
        &mut self,
        maps: &[MapId],
        ends: &Ends<'a>,
        sources: &[FieldId],
        targets: &[FieldId],
        since: usize,
        found: &mut Vec<LinkId>,
    ) {
        let sources: std::collections::BTreeSet<FieldId> = sources.iter().copied().lean_set();
        let targets: std::collections::BTreeSet<FieldId> = targets.iter().copied().lean_set();
        let mut open: Vec<MapId> = maps.iter().rev().copied().collect();
        while let Some(map) = open.pop() {
            let links = self.ir.maps[map].links.clone();
            if !self.spend(links.len() as u64 * 2 + 1) {
                return;
            }
            for link in links.into_iter().filter(|link| link.0 as usize >= since) {
                let id = &self.ir.links[link].id;
                if (id.src_arrow, id.dst_arrow) != (ends.src_arrow, ends.dst_arrow)
                    || ends.index.is_some() && id.index != ends.index
                {
                    continue;
                }
                let (src, dst) = (id.src.clone(), id.dst.clone());
                let is_source = self.ir.field_at(map, &src).is_some_and(|field| sources.contains(&field));
                if is_source && self.ir.field_at(map, &dst).is_some_and(|field| targets.contains(&field)) {
                    found.push(link);
                }
            }
            let below: Vec<MapId> =
                self.ir.maps[map].fields.iter().rev().filter_map(|&field| self.ir.map_of(field)).collect();
            open.extend(below);
        }
    }

    /// Shared names with the parts of the source's key that spelled them, so that globs stay globs.
    fn with_parts(common: &[Name<'a>], src: &'a KeyPath) -> Vec<(Name<'a>, Option<&'a Str>)> {
        let mut from = 0;
        common
            .iter()
            .map(|name| {
                let rest = src.parts.get(from..).unwrap_or_default();
                let at = rest.iter().position(|part| part.text() == name.text);
                let part = at.map(|at| {
                    from += at + 1;
                    &rest[at]
                });
                (*name, part)
            })
            .collect()
    }

    /// The map of the container that both ends of a connection share, made where it does not exist.
    fn ensure_plain(
        &mut self,
        map: MapId,
        common: &[Name<'a>],
        src: &'a KeyPath,
        file: FileId,
    ) -> Result<MapId> {
        let mut map = map;
        let mut rest = src.parts.as_slice();
        for name in common {
            if let Some(at) = rest.iter().position(|part| part.text() == name.text) {
                self.check_part(map, &rest[at], name, false, file)?;
                rest = &rest[at + 1..];
            }
            let field = match self.ir.field(map, name) {
                Some(field) => field,
                None => self.ir.new_field(map, *name),
            };
            if matches!(self.ir.fields[field].composite, Composite::Array(_)) {
                let text = "this is an array, which holds no connections";
                return Err(self.diagnostic(file, "C005", src.span, text));
            }
            map = self.ir.map_of_or_new(field);
        }
        Ok(map)
    }

    /// Makes the connections that `a -> b` means.
    fn make_links(&mut self, ends: Ends<'a>, context: CtxId) -> Result<Few<LinkId>> {
        if self.ir.contexts[context].glob {
            self.ensure_glob(context);
        }
        let mut made = Few::None;
        let map = self.ir.contexts[context].map;
        let result = self.make_links_in(map, ends, context, &mut made);
        if !made.is_empty() && self.applying.is_empty() {
            self.apply_globs();
        }
        result.map(|()| made)
    }

    fn make_links_in(
        &mut self,
        map: MapId,
        mut ends: Ends<'a>,
        context: CtxId,
        made: &mut Few<LinkId>,
    ) -> Result<()> {
        let crate::ir::Context { edge, map: scope, file, glob, .. } = self.ir.contexts[context];
        let Some(AstEdge { src: Some(src), dst: Some(dst), span, .. }) = edge else { return Ok(()) };
        if self.ir.link_around(map).is_some() {
            return Err(self.diagnostic(
                file,
                "C012",
                *span,
                "a connection cannot stand inside a connection",
            ));
        }
        let Some((map, common)) = self.resolve_ends(map, &mut ends) else {
            let text = "`_` leads out of the board: there is nothing around it";
            return Err(self.diagnostic(file, "C003", *span, text));
        };
        let map = if common.is_empty() || glob { map } else { self.ensure_plain(map, &common, src, file)? };
        if !common.is_empty() && glob {
            let named = Self::with_parts(&common, src);
            let fields = self.ensure_names(map, &named, true, file)?;
            for field in fields {
                if matches!(self.ir.fields[field].composite, Composite::Array(_)) {
                    let text = "this is an array, which holds no connections";
                    return Err(self.diagnostic(file, "C005", src.span, text));
                }
                let inner = self.ir.map_of_or_new(field);
                self.make_links_in(inner, ends.clone(), context, made)?;
            }
            return Ok(());
        }
        for (names, path) in [(&ends.src, src), (&ends.dst, dst)] {
            if let Some((at, text)) = prohibited(names) {
                let place = path.parts.len().saturating_sub(names.len()) + at;
                let at = path.parts.get(place).map_or(path.span, |part| part.span);
                return Err(self.diagnostic(file, "C013", at, text));
            }
        }
        let sources = self.ensure(scope, src, Some(context), true)?;
        let targets = self.ensure(scope, dst, Some(context), true)?;
        if let ([source], [target], false) = (&*sources, &*targets, glob) {
            // Without globs the ends are what they were written as.
            if self.spend(1) {
                self.check_boards(context, *source, *target)?;
                self.make_link(map, ends, context, made);
            }
            return Ok(());
        }
        for &source in &sources {
            for &target in &targets {
                // Asking whether an end is a container walks its mentions.
                let mentions = |field: FieldId| u64::from(self.ir.fields[field].refs.count);
                if !self.spend(2 * GLOB + mentions(source) + mentions(target)) {
                    return Ok(());
                }
                if source == target && (src.has_glob() || dst.has_glob()) {
                    continue;
                }
                if self.glob_skips(source, src, source, target)
                    || self.glob_skips(target, dst, source, target)
                {
                    continue;
                }
                self.check_boards(context, source, target)?;
                let mut concrete = Ends {
                    src: self.ir.path_below(map, source),
                    dst: self.ir.path_below(map, target),
                    index: None,
                    ..ends.clone()
                };
                let Some((mut map, common)) = self.resolve_ends(map, &mut concrete) else { continue };
                if !common.is_empty() {
                    let Some(field) = self.ir.field_at(map, &common) else { continue };
                    map = self.ir.map_of_or_new(field);
                }
                self.make_link(map, concrete, context, made);
            }
        }
        Ok(())
    }

    /// `**` connects leaves of the same board only.
    fn glob_skips(&mut self, end: FieldId, path: &KeyPath, source: FieldId, target: FieldId) -> bool {
        path.has_multi_glob()
            && (self.is_container(end)
                || self.ir.board_of_field(end).is_some()
                || self.ir.board_around(source) != self.ir.board_around(target))
    }

    /// A connection stays on one board, between objects on it.
    fn check_boards(&self, context: CtxId, source: FieldId, target: FieldId) -> Result<()> {
        let crate::ir::Context { edge, file, .. } = self.ir.contexts[context];
        let Some(AstEdge { src: Some(src), dst: Some(dst), span, .. }) = edge else { return Ok(()) };
        let at = if self.ir.board_of_field(source).is_some() {
            src.span
        } else if self.ir.board_of_field(target).is_some() {
            dst.span
        } else if self.ir.board_around(source) != self.ir.board_around(target) {
            *span
        } else {
            return Ok(());
        };
        Err(self.diagnostic(file, "C014", at, "a connection cannot lead from one board to another"))
    }

    /// Adds a connection to the map in which its ends part.
    fn make_link(&mut self, map: MapId, ends: Ends<'a>, context: CtxId, made: &mut Few<LinkId>) {
        let crate::ir::Context { key, glob, .. } = self.ir.contexts[context];
        if glob {
            // A glob makes one connection between two ends and no second.
            let glob = self.ensure_glob(context);
            let record = self.ir.ends_text(map, &ends, key.has_triple_glob(), false);
            if !self.applied(glob).links.insert(record) {
                return;
            }
        }
        let lazy = self.lazy;
        let link = Link {
            parent: map,
            id: ends,
            primary: None,
            map: None,
            suspended: false,
            refs: Few::One(LinkRef { context, lazy }),
            before: None,
            place: 0,
        };
        made.push(self.ir.add_next_link(link));
    }
}
