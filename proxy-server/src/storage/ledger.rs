//! The ledger of the language models: a line for each request, and the same by day.
//!
//! Lines are what a dispute is settled by; the sums that people look at come from the days, and from lines only where
//! a span of time cuts a day.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use sqlx::Row;
use sqlx::any::AnyRow;

use super::usage::Entry;
use super::{Kind, Result, Storage, Tx};
use crate::ids;
use crate::time::{self, Millis};

const DAY_MS: Millis = 86_400_000;

/// What sums are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Provider and model.
    #[default]
    Model,
    /// Project.
    Project,
    /// API key.
    Key,
}

/// A person's use of one model, project or key.
#[derive(Clone, Debug)]
pub struct Sum {
    /// Who answered.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Code of the project; empty: none, or gone.
    pub project_code: String,
    /// The API key; empty: the person themselves.
    pub key_id: String,
    /// How often.
    pub requests: i64,
    /// Tokens of the prompts.
    pub input_tokens: i64,
    /// Of these, read from the provider's cache.
    pub cache_read_tokens: i64,
    /// Of these, written to the provider's cache.
    pub cache_write_tokens: i64,
    /// Tokens written.
    pub output_tokens: i64,
    /// Of these, reasoning.
    pub reasoning_tokens: i64,
    /// In millionths.
    pub cost: i64,
}

/// The day of a moment, in UTC.
pub(super) fn day(at: Millis) -> i64 {
    at.div_euclid(DAY_MS)
}

/// A span of time as whole days, and what is left of it before and after them.
#[derive(Debug, PartialEq, Eq)]
struct Span {
    days: Range<i64>,
    before: Range<Millis>,
    after: Range<Millis>,
}

impl Span {
    /// From `from` to before `until`. Nothing is booked after `now`: a span that goes further takes in all of today.
    fn new(from: Millis, until: Millis, now: Millis) -> Self {
        let first = day(from) + i64::from(from.rem_euclid(DAY_MS) > 0);
        let last = if until > now { day(until).max(day(now) + 1) } else { day(until) };
        if first >= last {
            return Self { days: 0..0, before: from..until, after: 0..0 };
        }
        Self {
            days: first..last,
            before: from..first * DAY_MS,
            after: last * DAY_MS..until.max(last * DAY_MS),
        }
    }
}

macro_rules! parts {
    ($requests:literal, $table:literal, $time:literal) => {
        concat!(
            "SELECT provider, model, project_id, key_id, ",
            $requests,
            " AS requests, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, \
             cost FROM ",
            $table,
            " WHERE user_id = $1 AND ",
            $time
        )
    };
}

macro_rules! sums {
    ($columns:literal, $join:literal, $group:literal) => {
        concat!(
            "SELECT ",
            $columns,
            ", CAST(SUM(u.requests) AS BIGINT) AS requests, \
             CAST(SUM(u.input_tokens) AS BIGINT) AS input_tokens, \
             CAST(SUM(u.cache_read_tokens) AS BIGINT) AS cache_read_tokens, \
             CAST(SUM(u.cache_write_tokens) AS BIGINT) AS cache_write_tokens, \
             CAST(SUM(u.output_tokens) AS BIGINT) AS output_tokens, \
             CAST(SUM(u.reasoning_tokens) AS BIGINT) AS reasoning_tokens, \
             CAST(SUM(u.cost) AS BIGINT) AS cost FROM (",
            parts!("requests", "usage_days", "day >= $2 AND day < $3"),
            " UNION ALL ",
            parts!("1", "usage", "at >= $4 AND at < $5"),
            " UNION ALL ",
            parts!("1", "usage", "at >= $6 AND at < $7"),
            ") u ",
            $join,
            " GROUP BY ",
            $group,
            " ORDER BY ",
            $group
        )
    };
}

const BY_MODEL: &str =
    sums!("u.provider, u.model, '' AS project_code, '' AS key_id", "", "u.provider, u.model");
const BY_PROJECT: &str = sums!(
    "'' AS provider, '' AS model, COALESCE(p.code, '') AS project_code, '' AS key_id",
    "LEFT JOIN projects p ON p.id = u.project_id",
    "COALESCE(p.code, '')"
);
const BY_KEY: &str = sums!("'' AS provider, '' AS model, '' AS project_code, u.key_id", "", "u.key_id");

fn sum(row: &AnyRow) -> Result<Sum> {
    Ok(Sum {
        provider: row.try_get("provider")?,
        model: row.try_get("model")?,
        project_code: row.try_get("project_code")?,
        key_id: row.try_get("key_id")?,
        requests: row.try_get("requests")?,
        input_tokens: row.try_get("input_tokens")?,
        cache_read_tokens: row.try_get("cache_read_tokens")?,
        cache_write_tokens: row.try_get("cache_write_tokens")?,
        output_tokens: row.try_get("output_tokens")?,
        reasoning_tokens: row.try_get("reasoning_tokens")?,
        cost: row.try_get("cost")?,
    })
}

impl Storage {
    /// A person's use from `from` to before `until`.
    pub async fn usage(&self, user_id: &str, from: Millis, until: Millis, by: By) -> Result<Vec<Sum>> {
        let sql = match by {
            By::Model => BY_MODEL,
            By::Project => BY_PROJECT,
            By::Key => BY_KEY,
        };
        let span = Span::new(from, until, time::now());
        let rows = sqlx::query(sql)
            .bind(user_id)
            .bind(span.days.start)
            .bind(span.days.end)
            .bind(span.before.start)
            .bind(span.before.end)
            .bind(span.after.start)
            .bind(span.after.end)
            .fetch_all(self.read())
            .await?;
        rows.iter().map(sum).collect()
    }
}

/// Columns of the ledger.
const COLUMNS: [&str; 17] = [
    "id",
    "at",
    "user_id",
    "key_id",
    "project_id",
    "request_id",
    "provider",
    "model",
    "outcome",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
    "is_estimated",
    "cost",
    "duration_ms",
];
/// Lines that one statement writes where there are so many: each statement is a way to the database's thread and back.
const LINES: usize = 32;
/// Two texts of either database, so that both stay prepared.
static ENTER: LazyLock<[[String; 2]; 2]> = LazyLock::new(|| {
    [Kind::Sqlite, Kind::Postgres].map(|kind| [1, LINES].map(|lines| enter_text(kind, lines)))
});

fn enter_text(kind: Kind, lines: usize) -> String {
    // SQLite's driver asks for the name of every place, which SQLite looks for among the names of all: places without a
    // name spare it that. PostgreSQL knows only numbered ones.
    let place = |line: usize, column: usize| match kind {
        Kind::Sqlite => "?".to_owned(),
        Kind::Postgres => format!("${}", line * COLUMNS.len() + column),
    };
    let line = |line: usize| {
        let places: Vec<String> = (1..=COLUMNS.len()).map(|column| place(line, column)).collect();
        format!("({})", places.join(", "))
    };
    let lines: Vec<String> = (0..lines).map(line).collect();
    format!("INSERT INTO usage ({}) VALUES {}", COLUMNS.join(", "), lines.join(", "))
}

/// Writes requests into the ledger, one by one and into their days.
pub(super) async fn enter(tx: &mut Tx, kind: Kind, entries: &[&Entry]) -> Result<()> {
    let now = time::now();
    let [one, many] = &ENTER[usize::from(kind == Kind::Postgres)];
    let (chunks, few) = entries.as_chunks::<LINES>();
    let chunks = chunks.iter().map(|lines| (&lines[..], many));
    for (lines, text) in chunks.chain(few.chunks(1).map(|line| (line, one))) {
        let mut query = sqlx::query(text.as_str());
        for entry in lines {
            query = query
                .bind(ids::sortable())
                .bind(now)
                .bind(&entry.user_id)
                .bind(&entry.key_id)
                .bind(&entry.project_id)
                .bind(&entry.request_id)
                .bind(&entry.provider)
                .bind(&entry.model)
                .bind(&entry.outcome)
                .bind(entry.input_tokens)
                .bind(entry.cache_read_tokens)
                .bind(entry.cache_write_tokens)
                .bind(entry.output_tokens)
                .bind(entry.reasoning_tokens)
                .bind(i64::from(entry.is_estimated))
                .bind(entry.cost)
                .bind(entry.duration_ms);
        }
        query.execute(&mut **tx).await?;
    }
    sum_up(tx, day(now), entries).await
}

/// What one day's sums are kept by: person, provider, model, project and key.
type DayKey<'a> = [&'a str; 5];

/// Adds requests to the sums of a day.
async fn sum_up(tx: &mut Tx, day: i64, entries: &[&Entry]) -> Result<()> {
    // In an order, so that two servers that write the same sums do not wait for each other in a circle.
    let mut sums: BTreeMap<DayKey<'_>, [i64; 7]> = BTreeMap::new();
    for entry in entries {
        let key: DayKey<'_> =
            [&entry.user_id, &entry.provider, &entry.model, &entry.project_id, &entry.key_id];
        let numbers = [
            1,
            entry.input_tokens,
            entry.cache_read_tokens,
            entry.cache_write_tokens,
            entry.output_tokens,
            entry.reasoning_tokens,
            entry.cost,
        ];
        let sum = sums.entry(key).or_default();
        sum.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number);
    }
    for ([user_id, provider, model, project_id, key_id], numbers) in sums {
        let query = sqlx::query(
            "INSERT INTO usage_days (user_id, day, provider, model, project_id, key_id, requests, input_tokens,
             cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (user_id, day, provider, model, project_id, key_id) DO UPDATE SET
             requests = usage_days.requests + $7, input_tokens = usage_days.input_tokens + $8,
             cache_read_tokens = usage_days.cache_read_tokens + $9,
             cache_write_tokens = usage_days.cache_write_tokens + $10,
             output_tokens = usage_days.output_tokens + $11,
             reasoning_tokens = usage_days.reasoning_tokens + $12, cost = usage_days.cost + $13",
        );
        let query = query.bind(user_id).bind(day).bind(provider).bind(model).bind(project_id).bind(key_id);
        numbers.into_iter().fold(query, sqlx::query::Query::bind).execute(&mut **tx).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_cut_into_days_and_two_ends() {
        const H: Millis = 3_600_000;
        let now = 10 * DAY_MS + 12 * H;
        let span = |from, until| Span::new(from, until, now);
        let of = |days, before, after| Span { days, before, after };
        // From within a day to now: today counts as a whole.
        assert_eq!(
            span(7 * DAY_MS + H, now + 1),
            of(8..11, 7 * DAY_MS + H..8 * DAY_MS, 11 * DAY_MS..11 * DAY_MS)
        );
        // Both ends cut a day that is over.
        assert_eq!(
            span(7 * DAY_MS + H, 9 * DAY_MS + 2 * H),
            of(8..9, 7 * DAY_MS + H..8 * DAY_MS, 9 * DAY_MS..9 * DAY_MS + 2 * H)
        );
        // Within one day, also the present one, and the wrong way round.
        assert_eq!(span(H, 2 * H), of(0..0, H..2 * H, 0..0));
        assert_eq!(span(now - H, now + 1), of(0..0, now - H..now + 1, 0..0));
        assert!(span(2 * H, H).before.is_empty());
        // Whole days, and ends of time.
        assert_eq!(span(DAY_MS, 3 * DAY_MS), of(1..3, DAY_MS..DAY_MS, 3 * DAY_MS..3 * DAY_MS));
        assert_eq!(span(-DAY_MS, 100 * DAY_MS).days, -1..100);
    }
}
