//! Lexemes: what nom recognises at the front of a text. None of these fails on any input.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n, take_while1};
use nom::character::complete::{char, digit1, hex_digit1, one_of};
use nom::combinator::{all_consuming, opt, recognize};
use nom::{IResult, Parser};

/// Signs without a meaning of their own.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        plain[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b',');
        byte += 1;
    }
    plain
};

type Recognised<'a> = IResult<&'a str, &'a str>;

/// White space of any kind, newlines included.
pub(crate) fn space(input: &str) -> &str {
    // Nearly always plain spaces and newlines, if any at all.
    let ascii = input.bytes().position(|b| !matches!(b, b' ' | b'\n' | b'\t' | b'\r'));
    let ascii = ascii.unwrap_or(input.len());
    match input.as_bytes().get(ascii) {
        Some(byte) if !byte.is_ascii() || matches!(byte, 0x0b | 0x0c) => any_space(input),
        _ => &input[..ascii],
    }
}

fn any_space(input: &str) -> &str {
    let result: Recognised<'_> = take_while(char::is_whitespace).parse(input);
    result.map_or("", |(_, space)| space)
}

/// Letters, digits, `_`, `/` and `,`: signs that mean nothing anywhere; single spaces between them, and a dash in front of
/// one.
pub(crate) fn plain_run(input: &str) -> &str {
    let plain = |&byte: &u8| PLAIN[usize::from(byte)];
    let mut rest = input.as_bytes();
    loop {
        let run = rest.iter().position(|byte| !plain(byte)).unwrap_or(rest.len());
        rest = &rest[run..];
        match rest {
            [b'-', next, ..] if plain(next) => rest = &rest[1..],
            [b' ', next, ..] if plain(next) && rest.len() < input.len() => rest = &rest[1..],
            _ => return &input[..input.len() - rest.len()],
        }
    }
}

/// The rest of the line.
pub(crate) fn line(input: &str) -> &str {
    let result: Recognised<'_> = take_while(|c| c != '\n').parse(input);
    result.map_or("", |(_, line)| line)
}

/// The signs between the bar of a block string and its tag or text.
pub(crate) fn fence(input: &str) -> &str {
    let sign = |c: char| !(c.is_whitespace() || c.is_alphanumeric() || c == '_');
    let result: Recognised<'_> = take_while(sign).parse(input);
    result.map_or("", |(_, fence)| fence)
}

/// The tag of a block string.
pub(crate) fn word(input: &str) -> &str {
    let result: Recognised<'_> = take_while(|c: char| !c.is_whitespace()).parse(input);
    result.map_or("", |(_, word)| word)
}

/// The dots and slashes at the front of an import.
pub(crate) fn import_prefix(input: &str) -> &str {
    let result: Recognised<'_> = take_while(|c| c == '.' || c == '/').parse(input);
    result.map_or("", |(_, prefix)| prefix)
}

/// Whether the whole text is a number literal: decimal with fraction and exponent, a ratio, or one of the
/// prefixed integers.
pub(crate) fn is_number(input: &str) -> bool {
    fn digits(input: &str) -> Recognised<'_> {
        recognize((digit1, take_while(|c: char| c.is_ascii_digit() || c == '_'))).parse(input)
    }
    fn mantissa(input: &str) -> Recognised<'_> {
        alt((recognize((digits, char('.'), opt(digits))), recognize((char('.'), digits)), digits))
            .parse(input)
    }
    fn exponent(input: &str) -> Recognised<'_> {
        recognize((one_of("eEpP"), opt(one_of("+-")), digit1)).parse(input)
    }
    fn prefixed(input: &str) -> Recognised<'_> {
        alt((
            recognize((tag("0x"), hex_digit1)),
            recognize((tag("0X"), hex_digit1)),
            recognize((alt((tag("0b"), tag("0B"))), take_while1(|c| c == '0' || c == '1'))),
            recognize((alt((tag("0o"), tag("0O"))), take_while1(|c| ('0'..='7').contains(&c)))),
        ))
        .parse(input)
    }
    // Nearly every value is a word: one look at its first sign tells.
    if !input.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return false;
    }
    let sign = take_while_m_n(0, 1, |c| c == '+' || c == '-');
    let plain = alt((prefixed, recognize((digits, char('/'), digits)), recognize((mantissa, opt(exponent)))));
    let number: Result<_, nom::Err<nom::error::Error<&str>>> = all_consuming((sign, plain)).parse(input);
    number.is_ok()
}

/// What an escaped character stands for.
pub(crate) fn unescape(escaped: char) -> char {
    match escaped {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        other => other,
    }
}

/// The text of a block without the white space of its last line and without the indentation that all its
/// lines share. A tab counts as two spaces.
pub(crate) fn dedent(block: &str) -> String {
    let trimmed = match block.rfind('\n') {
        None => block.trim_end(),
        Some(newline) => {
            let last = block[newline + 1..].trim_end();
            if last.is_empty() { &block[..newline] } else { &block[..newline + 1 + last.len()] }
        }
    };
    let indent = |line: &str| -> usize {
        line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 2 } else { c.len_utf8() }).sum()
    };
    let mut common = None;
    for line in trimmed.split('\n').filter(|line| !line.is_empty()) {
        let own = indent(line);
        if own == 0 {
            return trimmed.to_owned();
        }
        if !line.trim_start().is_empty() {
            common = Some(common.map_or(own, |c: usize| c.min(own)));
        }
    }
    let Some(common) = common else { return trimmed.to_owned() };
    let mut result = String::with_capacity(trimmed.len());
    for (index, line) in trimmed.split('\n').enumerate() {
        if index > 0 {
            result.push('\n');
        }
        let mut taken = 0;
        let mut rest = line;
        while taken < common {
            let Some(c) = rest.chars().next().filter(|c| c.is_whitespace()) else { break };
            taken += if c == '\t' { 2 } else { c.len_utf8() };
            rest = &rest[c.len_utf8()..];
            // A tab wider than what is left to take ends it only when the widths meet exactly.
            if taken == common {
                break;
            }
        }
        result.push_str(rest);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_recognised_whole() {
        for yes in ["0", "-1", "0.40", ".5", "1e9", "1/3", "0x1F", "0100"] {
            assert!(is_number(yes), "{yes}");
        }
        for no in ["", "-", "1px", "1 2", "e9", "."] {
            assert!(!is_number(no), "{no}");
        }
    }

    #[test]
    fn a_block_loses_what_its_lines_share() {
        assert_eq!(dedent("    a\n      b\n  "), "a\n  b");
        assert_eq!(dedent("a\n  b"), "a\n  b");
    }
}
