//! A request as tokens: words, and the signs that mean something between them.

/// One token of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// As written.
    pub(crate) text: String,
    /// In lower case.
    pub(crate) lower: String,
    pub(crate) sign: Sign,
    /// Stood in quotes: a name as it is meant to be written.
    pub(crate) quoted: bool,
    /// A hyphen joins it to the word before: "on-call".
    pub(crate) hyphen: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Word,
    Comma,
    /// Ends a clause: `.`, `;`, `!`, `?`, a line break.
    Stop,
    Colon,
    Open,
    Close,
    /// `->`, `→`, `=>`: to the right.
    Right,
    /// `<-`: to the left.
    Left,
    /// `<->`: both ways.
    Both,
}

impl Token {
    pub(crate) fn is(&self, words: &[&str]) -> bool {
        self.sign == Sign::Word && words.contains(&self.lower.as_str())
    }

    pub(crate) fn is_word(&self) -> bool {
        self.sign == Sign::Word
    }

    pub(crate) fn is_arrow(&self) -> bool {
        matches!(self.sign, Sign::Right | Sign::Left | Sign::Both)
    }
}

/// Words are runs of letters and digits, with `'`, `.`, `+` and `#` inside them ("node.js", "C++"); a hyphen or slash parts
/// words without ending a phrase.
pub(crate) fn tokenize(request: &str) -> Vec<Token> {
    let chars: Vec<char> = request.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if let Some((sign, length)) = arrow(&chars[at..]) {
            tokens.push(Token {
                text: String::new(),
                lower: String::new(),
                sign,
                quoted: false,
                hyphen: false,
            });
            at += length;
            continue;
        }
        let c = chars[at];
        if let Some(length) = quotation(&chars[at..]) {
            let text: String = chars[at + 1..at + length - 1].iter().collect();
            tokens.push(Token {
                lower: text.to_lowercase(),
                text,
                sign: Sign::Word,
                quoted: true,
                hyphen: false,
            });
            at += length;
            continue;
        }
        // ".NET": a name may begin with its dot.
        let dotted = c == '.'
            && at.checked_sub(1).is_none_or(|before| chars[before].is_whitespace())
            && chars.get(at + 1).is_some_and(|next| next.is_uppercase());
        if c.is_alphanumeric() || dotted {
            let start = at;
            at += usize::from(dotted);
            while at < chars.len() && in_word(&chars, at) {
                at += 1;
            }
            let text: String = chars[start..at].iter().collect();
            // "1) a web app 2) an API": the numbers of a list.
            let open = tokens.iter().rev().find(|t| matches!(t.sign, Sign::Open | Sign::Close));
            let numbered = chars.get(at) == Some(&')') && open.is_none_or(|t| t.sign == Sign::Close);
            if numbered && text.len() <= 2 && text.chars().all(|c| c.is_ascii_digit()) {
                tokens.push(Token {
                    text: ";".to_owned(),
                    lower: ";".to_owned(),
                    sign: Sign::Stop,
                    quoted: false,
                    hyphen: false,
                });
                at += 1;
                continue;
            }
            let (text, lower) = in_full(text, chars.get(at) == Some(&'/'));
            let hyphen =
                start > 1 && matches!(chars[start - 1], '-' | '‑') && chars[start - 2].is_alphanumeric();
            tokens.push(Token { lower, text, sign: Sign::Word, quoted: false, hyphen });
            continue;
        }
        let sign = match c {
            ',' => Some(Sign::Comma),
            '.' | ';' | '!' | '?' | '\n' => Some(Sign::Stop),
            ':' => Some(Sign::Colon),
            '(' | '[' | '{' => Some(Sign::Open),
            ')' | ']' | '}' => Some(Sign::Close),
            _ => None,
        };
        if let Some(sign) = sign {
            tokens.push(Token {
                text: c.to_string(),
                lower: c.to_string(),
                sign,
                quoted: false,
                hyphen: false,
            });
        } else if matches!(c, '&' | '+') {
            tokens.push(Token {
                text: c.to_string(),
                lower: "and".to_owned(),
                sign: Sign::Word,
                quoted: false,
                hyphen: false,
            });
        }
        at += 1;
    }
    tokens
}

/// A word as written and in lower case, short forms in full: "svc", "thru", "w/".
fn in_full(text: String, slash: bool) -> (String, String) {
    const SHORT: &[(&str, &str)] = &[
        ("thru", "through"),
        ("svc", "service"),
        ("svcs", "services"),
        ("gw", "gateway"),
        ("srv", "server"),
        ("mgmt", "management"),
    ];
    let lower = text.to_lowercase();
    if lower == "w" && slash {
        return ("with".to_owned(), "with".to_owned());
    }
    match SHORT.iter().find(|(short, _)| *short == lower) {
        Some((_, full)) => ((*full).to_owned(), (*full).to_owned()),
        None => (text, lower),
    }
}

/// The length of a name in quotes, the quotes included.
fn quotation(rest: &[char]) -> Option<usize> {
    const LONGEST: usize = 80;
    let closes = match rest.first()? {
        '"' => '"',
        '“' | '„' => '”',
        '«' => '»',
        _ => return None,
    };
    let end = rest.iter().skip(1).take(LONGEST).position(|&c| c == closes || (closes == '”' && c == '“'))?;
    rest[1..=end].iter().any(|c| c.is_alphanumeric()).then_some(end + 2)
}

fn in_word(chars: &[char], at: usize) -> bool {
    let c = chars[at];
    if c.is_alphanumeric() {
        return true;
    }
    let next_is_letter = chars.get(at + 1).is_some_and(|next| next.is_alphanumeric());
    match c {
        '\'' | '’' | '.' => next_is_letter,
        '+' | '#' => !next_is_letter,
        _ => false,
    }
}

fn arrow(rest: &[char]) -> Option<(Sign, usize)> {
    const ARROWS: &[(&str, Sign)] = &[
        ("<-->", Sign::Both),
        ("<->", Sign::Both),
        ("<=>", Sign::Both),
        ("↔", Sign::Both),
        ("⇄", Sign::Both),
        ("-->", Sign::Right),
        ("->", Sign::Right),
        ("==>", Sign::Right),
        ("=>", Sign::Right),
        ("→", Sign::Right),
        (">>", Sign::Right),
        ("➔", Sign::Right),
        ("➜", Sign::Right),
        ("⇒", Sign::Right),
        ("<--", Sign::Left),
        ("<-", Sign::Left),
        ("←", Sign::Left),
        (">", Sign::Right),
    ];
    ARROWS.iter().find_map(|&(arrow, sign)| {
        let length = arrow.chars().count();
        let fits = rest.len() >= length && arrow.chars().zip(rest).all(|(a, &b)| a == b);
        fits.then_some((sign, length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_list_are_no_names() {
        let signs: Vec<Sign> = tokenize("1) CDN 2) API (v 2)").iter().map(|token| token.sign).collect();
        let [stop, word] = [Sign::Stop, Sign::Word];
        assert_eq!(signs, [stop, word, stop, word, Sign::Open, word, word, Sign::Close]);
    }

    #[test]
    fn words_signs_and_arrows() {
        let tokens = tokenize("Node.js API -> Redis, S3 (eu-west). It's C++ & Go!");
        let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Node.js", "API", "", "Redis", ",", "S3", "(", "eu", "west", ")", ".", "It's", "C++", "&",
                "Go", "!"
            ]
        );
        assert_eq!(tokens[2].sign, Sign::Right);
    }
}
