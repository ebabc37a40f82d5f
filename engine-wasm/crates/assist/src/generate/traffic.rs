//! Words that name a thing elsewhere and none here: protocols, what goes over a connection, verbs.

use spandrel_catalog::{Kind, Word};

use super::clauses::is_small;
use super::tokens::{Sign, Token};
use crate::words::english::{AMBIGUOUS, CARRIES, HANDLES, VERBS, WORKS};

/// Protocols, as they are said and as they label a connection.
const PROTOCOLS: &[(&str, &str)] = &[
    ("graphql", "GraphQL"),
    ("grpc", "gRPC"),
    ("rest", "REST"),
    ("http", "HTTP"),
    ("https", "HTTPS"),
    ("mqtt", "MQTT"),
    ("amqp", "AMQP"),
    ("websocket", "WebSocket"),
    ("websockets", "WebSocket"),
    ("soap", "SOAP"),
    ("sftp", "SFTP"),
    ("ftp", "FTP"),
    ("sql", "SQL"),
    ("jdbc", "JDBC"),
    ("tcp", "TCP"),
    ("udp", "UDP"),
    ("lorawan", "LoRaWAN"),
    ("ldap", "LDAP"),
    ("smtp", "SMTP"),
    ("saml", "SAML"),
    ("oidc", "OIDC"),
    ("hl7", "HL7"),
    ("lora", "LoRa"),
    ("opc", "OPC UA"),
    ("modbus", "Modbus"),
    ("mtls", "mTLS"),
    ("lte", "LTE"),
    ("4g", "4G"),
    ("5g", "5G"),
    ("wifi", "Wi-Fi"),
    ("bluetooth", "Bluetooth"),
    ("zigbee", "Zigbee"),
    ("can", "CAN"),
    ("odata", "OData"),
    ("diameter", "Diameter"),
    ("lti", "LTI"),
    ("edi", "EDI"),
    ("ssh", "SSH"),
    ("webrtc", "WebRTC"),
    ("rtmp", "RTMP"),
    ("dicom", "DICOM"),
    ("fhir", "FHIR"),
    ("imap", "IMAP"),
    ("pop3", "POP3"),
    ("nfs", "NFS"),
    ("smb", "SMB"),
    ("rdp", "RDP"),
    ("snmp", "SNMP"),
    ("coap", "CoAP"),
    ("sip", "SIP"),
    ("rtsp", "RTSP"),
    ("odbc", "ODBC"),
    ("tls", "TLS"),
    ("ssl", "SSL"),
];

/// Formats that something is turned into.
const FORMATS: &[&str] = &[
    "fhir", "hls", "dash", "json", "csv", "xml", "parquet", "pdf", "pdfs", "epub", "onix", "avro", "mp4",
    "html", "dicom",
];

/// ", logs go to": what flows begins a clause without a doer.
pub(super) fn flows(between: &[Token]) -> bool {
    const GO: &[&str] = &["go", "goes", "are", "flow", "flows", "end", "land", "come"];
    between
        .windows(3)
        .any(|w| (w[0].sign == Sign::Comma || w[0].is(&["and"])) && w[1].is_word() && w[2].is(GO))
}

/// The label of a protocol that something is sent over: "talks to the API over gRPC" names no part.
pub(super) fn protocol_at(tokens: &[Token], at: usize) -> Option<&'static str> {
    const BEFORE: &[&str] = &[
        "over",
        "via",
        "by",
        "through",
        "speak",
        "speaks",
        "send",
        "sends",
        "sending",
        "publish",
        "publishes",
    ];
    let over = at.checked_sub(1).is_some_and(|before| tokens[before].is(BEFORE));
    // "transforms to FHIR", "turn them into HLS": what comes of it is no part.
    let turned = at.checked_sub(1).is_some_and(|before| tokens[before].is(&["to", "into", "as", "in"]));
    if turned && tokens[at].is(FORMATS) {
        return Some("");
    }
    PROTOCOLS.iter().find(|(said, _)| over && tokens[at].is(&[said])).map(|(_, label)| *label)
}

/// The label that a protocol gives a connection.
pub(super) fn label_of(word: &str) -> Option<&'static str> {
    PROTOCOLS.iter().find(|(said, _)| *said == word).map(|(_, label)| *label)
}

/// Whether a word is a format that something is turned into.
pub(super) fn is_file(word: &str) -> bool {
    FORMATS.contains(&word)
}

/// Whether a word is a format or a protocol.
pub(super) fn is_format(word: &str) -> bool {
    FORMATS.contains(&word) || PROTOCOLS.iter().any(|(said, _)| *said == word)
}

/// "API calls", "database traffic": what goes over a connection, no part.
pub(super) fn is_traffic(tokens: &[Token], at: usize, end: usize, word: Word) -> bool {
    const FLOWS: &[&str] = &[
        "go",
        "goes",
        "are",
        "is",
        "flow",
        "flows",
        "end",
        "land",
        "come",
        "get",
        "from",
        "shipped",
        "sent",
        "pushed",
        "forwarded",
        "written",
        "stored",
        "kept",
        "collected",
        "archived",
        "exported",
    ];
    let next = |words: &[&str]| tokens.get(end).is_some_and(|next| next.is(words));
    let things = ["logs", "metrics", "traces", "events", "alerts", "data", "commands", "messages", "errors"];
    // "sends HL7 messages to the record": what goes over has a name of its own now and then.
    let sends = tokens[..at].iter().rev().take(3).any(|t| t.is(CARRIES));
    let flows = tokens[end - 1].is(&things)
        && (next(FLOWS) || next(&["back"]) || (sends && next(&["to", "into", "via", "through", "over"])));
    // "bookings go into Postgres": as "logs go to Loki".
    let plural = word.product().is_none()
        && tokens[end - 1].lower.ends_with('s')
        && !tokens[end - 1].is(WORKS)
        && word.component().is_some_and(|c| c.layer().name == "app" && c.kind == Kind::Process)
        && (next(&["go", "flow", "land", "end"])
            || (next(&["are"])
                && tokens
                    .get(end + 1)
                    .is_some_and(|t| t.is(&["stored", "kept", "saved", "written", "sent", "held"]))));
    // "publishes events to": what is published is no part either.
    let object = tokens[at].is(&["events", "messages", "logs", "metrics", "data", "files", "pages"])
        && at > 0
        && VERBS.contains(&tokens[at - 1].lower.as_str())
        && next(&["to", "into", "from", "on"]);
    // "sends alerts through PagerDuty"
    let sent = tokens[at].is(&["alerts", "notifications", "emails", "mails", "messages", "sms", "pdfs"])
        && at > 0
        && tokens[at - 1].is(&["send", "sends", "sending", "push", "pushes"])
        && next(&["through", "via", "with", "using", "over"]);
    // "API calls", but "a customer calls the centre", "the BFF calls order services".
    let named = |t: &Token| {
        let word = t.lower.as_str();
        t.is_word() && !crate::words::english::STOP.contains(&word) && !VERBS.contains(&word)
    };
    let thing = next(&["calls", "requests", "queries"]) && tokens.get(end + 1).is_some_and(named);
    let acts = thing || tokens.get(end + 1).is_some_and(|t| is_small(t) || t.is(&["it", "them"]));
    let requests = next(&["calls", "requests", "traffic", "queries", "keys", "lookups"]);
    let about = word.component().is_some_and(|c| c.layer().name == "person") && next(&["data"]);
    // "HL7 v2 messages", "HL7 feeds": what is said, in the words of a standard.
    let standard = end == at + 1
        && tokens[at].is(&["hl7", "fhir", "dicom"])
        && next(&["v2", "v3", "messages", "feeds", "data"]);
    standard || about || sent || flows || plural || object || (end == at + 1 && requests && !acts)
}

/// "stores the bookings in Postgres", "sends images to a gateway": what is passed on is no part of its own.
pub(super) fn is_carried(tokens: &[Token], at: usize, end: usize, word: Word) -> bool {
    const WHERE: &[&str] = &["to", "into", "in", "on", "onto", "from", "at", "through", "via", "by"];
    const FAR: usize = 5;
    let layer = word.component().map_or("", |component| component.layer().name);
    let files = word.kind() == Kind::Storage && tokens[end - 1].lower.ends_with('s');
    let thing = files
        || matches!(layer, "app" | "person" | "external" | "ops" | "ai")
        || word.component().is_some_and(|c| matches!(c.id, "event_bus" | "session_store" | "command_bus"));
    // "the order service" works, "the orders" are worked on.
    let works = tokens[end - 1].is(WORKS) || tokens.get(end).is_some_and(|next| next.is(WORKS));
    if !thing || works {
        return false;
    }
    // "a rules engine calculates the tax": an outside word right behind what is done to it.
    let done =
        tokens[..at].iter().rev().find(|token| !is_small(token)).is_some_and(|token| token.is(HANDLES));
    if layer == "external" && end == at + 1 && done {
        return true;
    }
    let passes = |token: &Token| token.sign == Sign::Comma || (token.is_word() && !token.is(WHERE));
    let after = tokens[end..].iter().take(FAR).take_while(|t| passes(t)).count();
    let whereto = tokens.get(end + after).is_some_and(|token| token.is(WHERE));
    let own = tokens[end..end + after].iter().all(|t| !VERBS.contains(&t.lower.as_str()) && !t.is(WORKS));
    let before = tokens[..at].iter().rev().take(FAR).take_while(|t| passes(t)).find(|t| t.is(CARRIES));
    whereto && own && before.is_some()
}

/// Whether the phrase at a token is meant as a thing here. Words that are verbs as well ("build", "order")
/// are things only behind a determiner, a name, a comma or "and", never at the start.
pub(super) fn is_noun(tokens: &[Token], at: usize, length: usize) -> bool {
    let word = tokens[at].lower.as_str();
    let verb_like = VERBS.contains(&word)
        && at > 0
        && (tokens[at - 1].is_word()
            || tokens[at - 1].is_arrow()
            || tokens.get(at + 1).is_some_and(|next| next.is(&["them", "it"])))
        && tokens.get(at + 1).is_some_and(|next| {
            next.is(&["to", "into", "from", "them", "their", "its", "a", "an", "the", "via", "over", "on"])
        });
    if length == 1 && (verb_like || does(tokens, at)) {
        return false;
    }
    // "push them to Harbor": a name in the middle of a sentence is no verb.
    let capital = at > 0
        && tokens[at - 1].is_word()
        && tokens[at].text.chars().next().is_some_and(char::is_uppercase)
        && tokens[at - 1].text.chars().next().is_some_and(char::is_lowercase);
    let ambiguous = AMBIGUOUS.contains(&word);
    // "users -> shop": what an arrow leads from or to is a part, whatever else the word can mean.
    let at_arrow = tokens.get(at + length).is_some_and(Token::is_arrow)
        || at.checked_sub(1).is_some_and(|before| tokens[before].is_arrow());
    if length > 1 || capital || at_arrow || !ambiguous {
        return true;
    }
    let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else { return tokens.len() == 1 };
    // "X-ray": the rest of a word.
    if before.is_word() && before.text.chars().count() == 1 && !before.is(&["a", "i"]) {
        return false;
    }
    let verb_next =
        tokens.get(at + 1).is_some_and(|next| next.is(&["a", "an", "the", "me", "my", "our", "us", "it"]));
    if verb_next {
        return false;
    }
    // "business analyst here": maps are spelled in capitals.
    if word == "here" && tokens[at].text != "HERE" {
        return false;
    }
    // "garden tools": things of somebody's trade are no tools of an agent.
    if tokens[at].is(&["tools", "tool"])
        && before.is_word()
        && !is_small(before)
        && !before.is(&["with", "and", "agent"])
    {
        return false;
    }
    // "deploys to production": behind "to" only what can be done is a verb.
    let verb = VERBS.contains(&word)
        || ["test", "switch", "turn", "push", "order", "search", "build"].contains(&word);
    let starts = (before.is(&["to"]) && verb)
        || before.is(&[
            "please", "you", "i", "we", "let", "and", "lets", "can", "could", "would", "they", "that",
            "which", "who",
        ]);
    !starts || (before.lower == "and" && at > 2)
}

/// "glue catalogs it", ", pushes to ECR", "jenkins builds images": a verb that is a thing elsewhere.
fn does(tokens: &[Token], at: usize) -> bool {
    let word = tokens[at].lower.as_str();
    let (Some(before), Some(next)) = (at.checked_sub(1).map(|before| &tokens[before]), tokens.get(at + 1))
    else {
        return false;
    };
    // "projections build read models": a plural before it, and what is done after it.
    let plural = before.is_word()
        && before.lower.ends_with('s')
        && !is_small(before)
        && !VERBS.contains(&before.lower.as_str());
    let after =
        next.is_word() && !next.is(WORKS) && !next.is(&["and", "or", "for", "of", "is", "are", "with"]);
    if plural
        && after
        && VERBS.contains(&word)
        && !word.ends_with('s')
        && !crate::words::english::STOP.contains(&before.lower.as_str())
    {
        return true;
    }
    if !word.ends_with('s') || word.ends_with("ss") {
        return false;
    }
    let listed = before.sign == Sign::Comma || before.is(&["and"]);
    let known = VERBS.contains(&word);
    let to = listed && known && next.is(&["to", "into", "from", "a", "an", "the"]);
    let object = before.is_word()
        && !before.is(&["and", "of", "with", "for"])
        && !is_small(before)
        && known
        && next.is_word()
        && !next.is(WORKS)
        && !next.is(&["and", "or", "with", "for", "in", "on", "from", "of", "at", "by"]);
    next.is(&["it", "them"]) || to || (object && word != "orders")
}
