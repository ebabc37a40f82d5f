//! Words that are not accepted in a request, however they are masked, and innocent ones that look like them.
//!
//! Whole words only, from `data/profanity.txt`, so that nothing is caught for what it contains. A word that another language
//! or a name has as well counts only in an English sentence, and not as part of a name.

use spandrel_base::Span;

const LISTED: &str = include_str!("../data/profanity.txt");
/// French is late and takes showers, German draws thick lines, Swedish has dots and ends, Norwegian has trades.
const ELSEWHERE: &[&str] =
    &["retard", "douche", "dick", "prick", "slut", "fag", "ass", "arse", "spic", "kike", "piss", "cock"];
/// Words that make a sentence English, and that the languages of [`ELSEWHERE`] do not have.
const ENGLISH: &[&str] = &[
    "the", "this", "that", "you", "your", "are", "and", "with", "my", "what", "it", "is", "these", "such",
    "like",
];

/// The first word that is not accepted, as bytes of the query.
pub(crate) fn find(query: &str) -> Option<Span> {
    let words = words(query);
    let english =
        words.len() == 1 || words.iter().any(|word| ENGLISH.contains(&word.text.to_lowercase().as_str()));
    let by_word = words.iter().enumerate().find(|&(at, word)| {
        let plain = plain(&word.text);
        let Some(listed) = listed(&plain) else { return false };
        let also_innocent = ELSEWHERE.contains(&listed);
        !(also_innocent && (!english || is_name(&words, at) || is_spic_and_span(&words, at)))
    });
    by_word.map(|(_, word)| word.span).or_else(|| spelled_out(&words))
}

struct Word {
    text: String,
    span: Span,
}

/// Words with the signs that mask letters; what cannot be seen parts nothing.
fn words(query: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut open = false;
    for (at, c) in query.char_indices() {
        if is_unseen(c) {
            continue;
        }
        let in_word = c.is_alphanumeric() || matches!(c, '@' | '$' | '!' | '*');
        if in_word {
            if !open {
                found.push(Word { text: String::new(), span: Span::new(at, at) });
            }
            if let Some(word) = found.last_mut() {
                word.text.push(c);
                word.span = Span::new(word.span.start as usize, at + c.len_utf8());
            }
        }
        open = in_word;
    }
    found
}

/// Joiners, soft hyphens and marks that stand on the letter before.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{300}'..='\u{36f}')
}

/// A word in small letters with what masks them undone; `*` stands for any letter.
fn plain(word: &str) -> String {
    let lower = word.to_lowercase();
    lower.trim_end_matches(['!', '*']).chars().map(unmask).collect::<String>() + stars(&lower)
}

/// The stars at the end, which mask letters where some stand before them ("sh**").
fn stars(word: &str) -> &str {
    let word = word.trim_end_matches('!');
    &word[word.trim_end_matches('*').len()..]
}

/// The letter that a sign, an accent or a letter of another script stands for.
fn unmask(c: char) -> char {
    match c {
        '@' | '4' | 'à' | 'á' | 'â' | 'ä' | 'å' | 'а' => 'a',
        '$' | '5' => 's',
        '1' | '!' | 'ì' | 'í' | 'î' | 'ï' | 'і' => 'i',
        '0' | 'ò' | 'ó' | 'ô' | 'ö' | 'о' => 'o',
        '3' | 'è' | 'é' | 'ê' | 'ë' | 'е' => 'e',
        'ù' | 'ú' | 'û' | 'ü' | 'µ' | 'μ' => 'u',
        'с' => 'c',
        'к' => 'k',
        'р' => 'p',
        'х' => 'x',
        c => c,
    }
}

/// The entry of the list that a word is: itself, a plural, with letters drawn out, or masked with stars.
fn listed(word: &str) -> Option<&'static str> {
    if word.chars().count() < 3 {
        return None;
    }
    let short = squeezed(word);
    let forms = [word, short.as_str()];
    let is = |entry: &&str| {
        forms.iter().any(|form| {
            ["", "s", "es", "y"].iter().any(|end| form.strip_suffix(end) == Some(entry))
                || masked(form, entry)
        })
    };
    // No innocent word of any language contains this one.
    LISTED.lines().find(is).or_else(|| forms.iter().any(|form| form.contains("fuck")).then_some("fuck"))
}

/// Without what a letter is repeated more than twice in a row.
fn squeezed(word: &str) -> String {
    let mut out = String::new();
    let letters: Vec<char> = word.chars().collect();
    let mut at = 0;
    while at < letters.len() {
        let run = letters[at..].iter().take_while(|c| **c == letters[at]).count();
        let kept = if run > 2 { 1 } else { run };
        out.extend(std::iter::repeat_n(letters[at], kept));
        at += run;
    }
    out
}

/// "f*ck", "sh**": at least two letters of an entry, the first among them, and stars for the others.
fn masked(word: &str, entry: &str) -> bool {
    let seen = word.chars().filter(|c| *c != '*').count();
    word.contains('*')
        && seen >= 2
        && entry.len() >= 4
        && word.chars().count() == entry.len()
        && word.starts_with(|c: char| c != '*')
        && word.chars().zip(entry.chars()).all(|(shown, meant)| shown == '*' || shown == meant)
}

/// "Moby Dick", "Dick Smith", "Philip K. Dick", "Dick's": a capital, beside a word with one.
fn is_name(words: &[Word], at: usize) -> bool {
    let capital = |word: &Word| {
        let mut letters = word.text.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase)
    };
    let beside = |next: Option<usize>| next.and_then(|next| words.get(next)).is_some_and(capital);
    let own = words.get(at + 1).is_some_and(|next| next.text == "s");
    capital(&words[at]) && (own || beside(at.checked_sub(1)) || beside(Some(at + 1)))
}

fn is_spic_and_span(words: &[Word], at: usize) -> bool {
    words[at + 1..].iter().take(2).any(|word| word.text.eq_ignore_ascii_case("span"))
}

/// Letters one by one: "f u c k", "s.h.i.t".
fn spelled_out(words: &[Word]) -> Option<Span> {
    let is_letter = |word: &Word| word.text.chars().count() == 1;
    let mut at = 0;
    while at < words.len() {
        let run = words[at..].iter().take_while(|word| is_letter(word)).count();
        let joined: String = words[at..at + run].iter().map(|word| plain(&word.text)).collect();
        if run >= 4 && LISTED.lines().any(|entry| entry == joined) {
            return Some(Span::new(words[at].span.start as usize, words[at + run - 1].span.end as usize));
        }
        at += run.max(1);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_do_not_help() {
        for query in [
            "build me a fucking web app",
            "this shit is slow",
            "sh1t",
            "draw a b!tch",
            "f*ck this diagram",
            "what the f**k",
            "a sh**ty app",
            "fuuuuck",
            "f u c k the server",
            "s.h.i.t",
            "fu\u{200b}ck it",
            "fück dich",
            "fuсk",
            "clusterfucks",
            "unfuckingbelievable load",
            "mother-fucker app",
            "a$$hole proxy",
            "you dick",
            "this is retarded",
            "such a prick",
            "dumbass api",
            "bullshit dashboard",
            "you are a slut",
            "FUCK",
            "kick his ass with this firewall",
            "motherfuckers!",
            "crappy design",
            "MotherFucker",
            "fu\u{ad}cking queue",
            "fu\u{301}ck",
        ] {
            assert!(find(query).is_some(), "{query}");
        }
    }

    #[test]
    fn innocent_words_pass() {
        for query in [
            "a shop in Scunthorpe",
            "class registry",
            "assess the cockpit dashboard",
            "Essex cocktail app",
            "Hancock",
            "pass",
            "analytics for Dickinson county",
            "mass assembly bass shiitake",
            "x rated 4s",
            "manage assets and assistants",
            "Arsenal",
            "execute! hello!",
            "gestion des retards de trains",
            "le train est en retard",
            "douche connectée avec capteurs",
            "mach die Linie dick",
            "die Pfeile sollen dick und rot sein",
            "start och slut på flödet",
            "en prick på kartan",
            "fag og studier portal",
            "a reading app for Moby Dick",
            "Philip K. Dick archive",
            "Dick's Sporting Goods online shop",
            "spic and span cleaning service portal",
            "Penistone council portal",
            "Lightwater Clitheroe Sussex Middlesex",
            "the Cock Lane ghost tour booking",
            "sextant and sexagesimal parser",
            "analyst analysis analytics",
            "titration lab",
            "cumulative sum service",
            "document cumulus",
            "grape harvest",
            "therapist booking",
            "raccoon tracker",
            "snigger niggle",
            "B* tree index",
            "SELECT * FROM users",
            "glob *.log files",
            "log* and metric*",
            "user@example.com",
            "$50 payments!",
            "C++ and C#",
            "p a b x with s i p",
            "R A C I matrix",
            "O S I model",
            "shuttlecock shop",
            "peacock and woodcock",
            "Kike's taquería en Madrid",
            "bassoon",
            "harassment reporting tool",
            "embarrassing",
            "passive node",
            "Shitij Kumar CRM",
            "Fuchs und Dachs GmbH",
            "fact check",
            "f5 load balancer",
            "classic ASP",
            "as a service",
            "wankel engine monitoring",
        ] {
            assert_eq!(find(query), None, "{query}");
        }
    }

    #[test]
    fn the_span_is_the_word() {
        let query = "a f*cking app";
        assert_eq!(find(query).map(|span| &query[span.start as usize..span.end as usize]), Some("f*cking"));
    }
}
