//! Requests in other languages, word by word in English.
//!
//! The table is `data/words/languages.txt`. Which language a request is in is told by its script, and among those
//! in Latin letters by which column knows most of its words; English wins ties. Only that column is applied, so a word
//! that means two things in two languages does no harm.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Words, lines};

/// One column of the table.
#[derive(Debug, Default)]
pub(super) struct Language {
    pub(super) code: String,
    /// Whole forms → head; several words are joined by one blank.
    whole: BTreeMap<String, String>,
    /// Beginnings (written with `*`) → head.
    beginnings: BTreeMap<String, String>,
    /// Forms of several words of which one is a beginning, by their first three letters.
    mixed: BTreeMap<String, Vec<(Vec<String>, String)>>,
    most_words: usize,
    most_letters: usize,
}

/// Reads the table: a heading row of language codes, then rows of forms.
pub(super) fn read(table: &str) -> Vec<Language> {
    let mut rows = lines(table);
    let codes: Vec<&str> = rows.next().unwrap_or("en").split('|').skip(1).collect();
    let mut languages: Vec<Language> =
        codes.iter().map(|code| Language { code: (*code).to_owned(), ..Language::default() }).collect();
    for row in rows {
        let mut cells = row.split('|');
        let head = cells.next().unwrap_or_default();
        for (language, cell) in languages.iter_mut().zip(cells) {
            for form in cell.split(',').map(str::trim).filter(|form| !form.is_empty()) {
                language.learn(form, head);
            }
        }
    }
    languages
}

impl Language {
    pub(super) fn heads(&self) -> impl Iterator<Item = &str> {
        self.whole.values().chain(self.beginnings.values()).map(String::as_str)
    }

    fn learn(&mut self, form: &str, head: &str) {
        let form = form.to_lowercase();
        let words: Vec<String> = form.split_whitespace().map(str::to_owned).collect();
        self.most_words = self.most_words.max(words.len());
        self.most_letters = self.most_letters.max(form.chars().count());
        let table = if self.is_cut() || !form.contains('*') {
            &mut self.whole
        } else if words.len() == 1 {
            &mut self.beginnings
        } else {
            let key: String = words[0].chars().filter(|c| *c != '*').take(3).collect();
            self.mixed.entry(key).or_default().push((words, head.to_owned()));
            return;
        };
        table.entry(form.replace('*', "")).or_insert_with(|| head.to_owned());
    }

    /// Written without blanks between words.
    fn is_cut(&self) -> bool {
        matches!(self.code.as_str(), "zh" | "ja")
    }

    /// Translates what begins at `words[0]`: the head and how many words it covers.
    fn at(&self, words: &[&str]) -> Option<(&str, usize)> {
        let most = words.len().min(self.most_words);
        for length in (2..=most).rev() {
            if let Some(head) = self.whole.get(&words[..length].join(" ")) {
                return Some((head, length));
            }
            if let Some(head) = self.mixed_at(&words[..length]) {
                return Some((head, length));
            }
        }
        let word = *words.first()?;
        let bare = bare(&self.code, word);
        self.one(word).or_else(|| bare.and_then(|bare| self.one(bare))).map(|head| (head, 1))
    }

    fn mixed_at(&self, words: &[&str]) -> Option<&str> {
        let key: String = words[0].chars().take(3).collect();
        let fits = |form: &[String]| {
            form.len() == words.len()
                && form.iter().zip(words).all(|(form, word)| match form.strip_suffix('*') {
                    Some(beginning) => word.starts_with(beginning),
                    None => form == word,
                })
        };
        self.mixed.get(&key)?.iter().find(|(form, _)| fits(form)).map(|(_, head)| head.as_str())
    }

    /// One word: whole, or the longest beginning of it.
    fn one(&self, word: &str) -> Option<&str> {
        if let Some(head) = self.whole.get(word) {
            return Some(head);
        }
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
        ends.map(|end| &word[..end]).find_map(|beginning| self.beginnings.get(beginning)).map(String::as_str)
    }

    /// Cuts a run of letters without blanks into known forms and what stands between them.
    fn cut(&self, run: &str, out: &mut Vec<String>) {
        let mut rest = run;
        let mut unknown = String::new();
        while let Some(c) = rest.chars().next() {
            let ends: Vec<usize> =
                rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(self.most_letters).collect();
            let found = ends.iter().rev().find_map(|&end| Some((self.whole.get(&rest[..end])?, end)));
            if let Some((head, end)) = found {
                flush(&mut unknown, out);
                out.push(head.clone());
                rest = &rest[end..];
            } else {
                unknown.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        flush(&mut unknown, out);
    }
}

/// What was not known between two known forms; endings in hiragana alone say nothing.
fn flush(unknown: &mut String, out: &mut Vec<String>) {
    let only_ending = unknown.chars().all(is_hiragana) && unknown.chars().count() < 5;
    if !unknown.is_empty() && !only_ending {
        out.push(unknown.clone());
    }
    unknown.clear();
}

/// A word without what its language writes in front of it: the article and small words of Arabic.
fn bare<'a>(code: &str, word: &'a str) -> Option<&'a str> {
    if code != "ar" {
        return None;
    }
    ["وال", "بال", "لل", "ال", "و", "ب", "ل"].iter().find_map(|before| word.strip_prefix(before))
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}')
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{3005}')
}

/// A piece of a request: a word in lower case, or what stands between words.
enum Piece<'a> {
    Word(&'a str),
    Between(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    // Marks that belong to the letter before them (Devanagari, Arabic) are part of the word.
    let in_word =
        |c: char| c.is_alphanumeric() || matches!(c, '\u{0900}'..='\u{0963}' | '\u{064b}'..='\u{0652}');
    let mut out = Vec::new();
    let mut start = 0;
    let mut word = None;
    for (at, c) in text.char_indices() {
        let now = in_word(c);
        if word.is_some_and(|before| before != now) {
            out.push(if now { Piece::Between(&text[start..at]) } else { Piece::Word(&text[start..at]) });
            start = at;
        }
        word = Some(now);
    }
    if start < text.len() {
        let rest = &text[start..];
        out.push(if word == Some(true) { Piece::Word(rest) } else { Piece::Between(rest) });
    }
    out
}

/// Signs between words as the grammar knows them.
fn in_ascii(between: &str) -> String {
    let mut out = String::with_capacity(between.len());
    for c in between.chars() {
        match c {
            '’' => out.push('\''),
            '、' | '，' | '،' | '；' => out.push_str(", "),
            '。' => out.push_str(". "),
            '？' | '؟' => out.push('?'),
            '！' => out.push('!'),
            '：' => out.push_str(": "),
            '「' | '」' | '“' | '”' | '„' | '«' | '»' => out.push('"'),
            c => out.push(c),
        }
    }
    out
}

impl Words {
    /// The request word by word in English, and the code of its language; `None` where it is English already.
    /// Unknown words stay as they are, and so does what stands between words.
    pub(crate) fn in_english(&self, request: &str) -> Option<(&str, String)> {
        let parts = pieces(request);
        let lower: Vec<String> = parts
            .iter()
            .filter_map(|part| if let Piece::Word(word) = part { Some(word.to_lowercase()) } else { None })
            .collect();
        let words: Vec<&str> = lower.iter().map(String::as_str).collect();
        let language = self.language_of(request, &words)?;
        let mut out = String::new();
        let mut at = 0;
        let mut skip = 0;
        for part in &parts {
            match part {
                // Inside a phrase that is one head: nothing stands between.
                Piece::Between(_) if skip > 0 => {}
                Piece::Between(text) => out.push_str(&in_ascii(text)),
                Piece::Word(_) if skip > 0 => {
                    skip -= 1;
                    at += 1;
                }
                Piece::Word(word) => {
                    if language.is_cut() && word.chars().any(|c| is_kana(c) || is_han(c)) {
                        let mut cut = Vec::new();
                        by_script(word, |run, own| {
                            if own { language.cut(run, &mut cut) } else { cut.push(run.to_owned()) }
                        });
                        if !out.is_empty() && !out.ends_with(' ') {
                            out.push(' ');
                        }
                        out.push_str(&cut.join(" "));
                    } else if let Some(compound) = language.compound(words[at]) {
                        out.push_str(&compound);
                    } else if let Some((head, length)) = language.at(&words[at..]) {
                        out.push_str(head);
                        skip = length - 1;
                    } else {
                        out.push_str(word);
                    }
                    at += 1;
                }
            }
        }
        Some((&language.code, out))
    }

    /// The request as the grammar reads it: in English, and with slips of the finger undone in words written small.
    pub(crate) fn readable<'a>(&self, request: &'a str) -> Cow<'a, str> {
        if let Some((_, text)) = self.in_english(request) {
            return Cow::Owned(text);
        }
        let mut out = String::new();
        for part in pieces(request) {
            match part {
                Piece::Between(text) => out.push_str(text),
                Piece::Word(word) => out.push_str(&self.spelled_carefully(word)),
            }
        }
        if out == request { Cow::Borrowed(request) } else { Cow::Owned(out) }
    }

    fn language_of(&self, request: &str, words: &[&str]) -> Option<&Language> {
        let by_code = |code: &str| self.languages.iter().find(|language| language.code == code);
        type IsLetter = fn(char) -> bool;
        let count = |wanted: IsLetter| request.chars().filter(|c| wanted(*c)).count();
        if count(is_kana) > 0 {
            return by_code("ja");
        }
        if count(is_han) > 0 {
            return by_code("zh");
        }
        let scripts: [(&str, IsLetter); 4] = [
            ("ko", |c| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}')),
            ("ru", |c| matches!(c, '\u{0400}'..='\u{04ff}')),
            ("ar", |c| matches!(c, '\u{0600}'..='\u{06ff}')),
            ("hi", |c| matches!(c, '\u{0900}'..='\u{097f}')),
        ];
        if let Some((code, _)) = scripts.iter().find(|(_, wanted)| count(*wanted) > 1) {
            return by_code(code);
        }
        // English words that other languages use too say little; what English does not have says much.
        let english: f64 = words.iter().filter(|word| self.knows(word)).count() as f64;
        let mut best: Option<(&Language, f64)> = None;
        for language in self.languages.iter().filter(|language| !language.is_cut()) {
            let mut score = 0.0;
            let mut at = 0;
            while at < words.len() {
                let Some((head, length)) = language.at(&words[at..]) else {
                    at += 1;
                    continue;
                };
                let covered = &words[at..at + length];
                at += length;
                score += match covered {
                    [word] if *word == head => 0.5,
                    [word] if self.knows(word) => 0.6,
                    // Mistyped English looks foreign to a beginning.
                    [word] if word.is_ascii() && self.knows(&self.spelled(word)) => 0.8,
                    [word] if word.chars().count() == 1 => 1.1,
                    _ => 1.6 * length as f64,
                };
            }
            if best.is_none_or(|(_, most)| score > most) {
                best = Some((language, score));
            }
        }
        best.filter(|(_, score)| *score > english && *score >= 1.0).map(|(language, _)| language)
    }
}

impl Language {
    /// The halves of a compound, both known: "Kundendatenbank" is a customer database.
    fn compound(&self, word: &str) -> Option<String> {
        if !matches!(self.code.as_str(), "de" | "nl" | "sv")
            || word.chars().count() < 8
            || self.whole_word(word).is_some()
        {
            return None;
        }
        // From the left: the longest second half, which says what the thing is.
        let cuts = word.char_indices().map(|(at, _)| at).skip(3);
        cuts.into_iter().find_map(|at| {
            let (first, second) = word.split_at(at);
            (second.chars().count() >= 4).then_some(())?;
            let second = self.whole_word(second)?;
            let endings = ["", "s", "n", "en", "es", "e"];
            let first = endings
                .iter()
                .find_map(|ending| self.whole_word(first.strip_suffix(ending)?))
                .or_else(|| self.one(first))?;
            Some(format!("{first} {second}"))
        })
    }

    /// A word that is a form of the table but for an ending of at most two letters.
    fn whole_word(&self, word: &str) -> Option<&str> {
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).rev().take(3);
        let found = ends.map(|end| &word[..end]).find_map(|beginning| self.beginnings.get(beginning));
        self.whole.get(word).or(found).map(String::as_str)
    }
}

/// Runs of Chinese and Japanese letters (`true`) and of others, in order.
fn by_script(word: &str, mut each: impl FnMut(&str, bool)) {
    let own = |c: char| is_kana(c) || is_han(c) || c == 'ー';
    let mut start = 0;
    let mut before = None;
    for (at, c) in word.char_indices() {
        if before.is_some_and(|before| before != own(c)) {
            each(&word[start..at], !own(c));
            start = at;
        }
        before = Some(own(c));
    }
    if let Some(last) = before {
        each(&word[start..], last);
    }
}

#[cfg(test)]
mod tests {
    use crate::Data;

    #[test]
    fn requests_are_read_in_english() {
        let data = Data::embedded();
        let cases = [
            ("supprime la file", Some("fr"), "remove the message queue"),
            ("Entferne bitte den Cache!", Some("de"), "remove please the cache!"),
            ("benenne Cache in HotStore um", Some("de"), "rename cache in HotStore um"),
            ("Kundendatenbank", Some("de"), "customer database"),
            ("remove o cache", Some("pt"), "remove the cache"),
            ("удали базу данных", Some("ru"), "remove database"),
            ("删除数据库", Some("zh"), "remove database"),
            ("キャッシュを追加して", Some("ja"), "cache add"),
            ("캐시를 삭제해 주세요", Some("ko"), "cache remove please"),
            ("احذف قاعدة البيانات", Some("ar"), "remove database"),
        ];
        for (request, language, english) in cases {
            let found = data.words.in_english(request);
            assert_eq!(found.as_ref().map(|(code, _)| *code), language, "{request}");
            assert_eq!(found.map(|(_, text)| text).as_deref(), Some(english), "{request}");
        }
    }

    #[test]
    fn english_stays_english() {
        let data = Data::embedded();
        for request in [
            "a todo app",
            "remove the cache",
            "hide the databases",
            "draw an e-commerce platform",
            "microservices",
            "delet teh cahce",
            "",
            "-> -> 😀",
        ] {
            let found = data.words.in_english(request);
            assert!(found.is_none(), "{request}: {found:?}");
        }
    }
}
