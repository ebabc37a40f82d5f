//! The language model behind a design request, where there is one.

use crate::accounts::Caller;
use crate::design::events::{Event, Events};
use crate::engine::{Intent, prompts};
use crate::llm::message::{self, Finish, Part, Role, Turn};
use crate::llm::{self, Failure, Kind, Own};
use crate::relay::Client;
use crate::state::AppState;

/// How free a model is in what it draws; models that take no temperature are not told.
const TEMPERATURE: f64 = 0.2;
/// Bytes of words: an answer is not a book.
const WORDS: usize = 16 << 10;

/// Asks models for one person and one project.
pub(crate) struct Mind<'a> {
    state: &'a AppState,
    caller: llm::Caller,
    /// The model that the person chose; otherwise the size of what is asked chooses.
    chosen: Option<String>,
}

/// Why no model answered, for the person.
#[derive(Clone, Debug)]
pub(crate) struct Silence {
    /// `UPPER_SNAKE`, as in errors.
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl From<Failure> for Silence {
    fn from(failure: Failure) -> Self {
        let code = match failure.kind {
            Kind::Denied => "BUDGET_EXCEEDED",
            Kind::RateLimited | Kind::Overloaded | Kind::Busy | Kind::Stopping => "LLM_BUSY",
            Kind::TimedOut => "LLM_TIMEOUT",
            _ => "LLM_UNAVAILABLE",
        };
        Self { code, message: failure.message }
    }
}

/// What a model said, and who it was.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) text: String,
    /// As in the configuration.
    pub(crate) provider: String,
}

/// Somebody's contribution to the conversation with a model.
pub(crate) fn turn(role: Role, text: impl Into<String>) -> Turn {
    Turn { role, parts: vec![Part::Text(text.into())] }
}

impl<'a> Mind<'a> {
    pub(crate) fn new(state: &'a AppState, caller: &Caller, project_id: &str, model: Option<&str>) -> Self {
        let client = Client { caller: caller.clone(), project_id: project_id.to_owned() };
        let chosen = model.and_then(|model| state.relay.find_model(model));
        Self { state, caller: client.into(), chosen }
    }

    /// Whether there is any model to ask.
    pub(crate) fn is_there(&self) -> bool {
        self.state.relay.has_providers() && self.model(1).is_some()
    }

    /// The model for so many tokens.
    fn model(&self, tokens: u32) -> Option<String> {
        self.chosen.clone().or_else(|| self.state.relay.model_for(tokens))
    }

    /// Begins an answer.
    pub(crate) async fn ask(&self, turns: &[Turn]) -> Result<Own, Failure> {
        let text = |part: &Part| if let Part::Text(text) = part { prompts::tokens(text) } else { 0 };
        let tokens: usize = turns.iter().flat_map(|turn| &turn.parts).map(text).sum();
        let model = self.model(u32::try_from(tokens).unwrap_or(u32::MAX));
        let model = model.ok_or(Failure::from(Kind::NoProvider))?;
        let request = message::Request {
            turns: turns.to_vec(),
            temperature: Some(TEMPERATURE),
            ..message::Request::default()
        };
        self.state.relay.stream(&self.caller, &model, request).await
    }

    /// What `query` asks for, where the engine could not decide.
    pub(crate) async fn classify(&self, query: &str, has_diagram: bool) -> Option<Intent> {
        let said = self.say(&prompts::classify(query, has_diagram), &Events::default()).await.ok()?;
        read_intent(&said.text)
    }

    /// An answer in words, told as it comes. A part of an answer is given with a word that it is one.
    pub(crate) async fn say(&self, prompt: &str, events: &Events) -> Result<Said, Silence> {
        let mut own = self.ask(&[turn(Role::User, prompt)]).await?;
        let provider = own.target().0.to_owned();
        let mut text = String::new();
        let cut = loop {
            match own.next().await {
                Ok(Some(message::Event::Text(more))) => {
                    text.push_str(&more);
                    events.tell(Event::Message { delta: more }).await;
                    if text.len() > WORDS {
                        break Some("the answer was too long and was cut here");
                    }
                }
                Ok(Some(message::Event::Refusal(_) | message::Event::Finish(Finish::Refused))) => {
                    if text.is_empty() {
                        return Err(refused());
                    }
                    break Some("the model did not want to go on");
                }
                Ok(Some(message::Event::Finish(Finish::Length))) => {
                    break Some("the answer was cut at its limit");
                }
                Ok(Some(_)) => {}
                Ok(None) => break None,
                Err(failure) if text.is_empty() => return Err(failure.into()),
                Err(_) => break Some("the connection to the model broke here"),
            }
        };
        if text.trim().is_empty() {
            return Err(Failure::from(Kind::BadAnswer).into());
        }
        if let Some(why) = cut {
            let note = format!(" … ({why})");
            events.tell(Event::Message { delta: note.clone() }).await;
            text.push_str(&note);
        }
        Ok(Said { text, provider })
    }
}

/// A model that will not.
pub(crate) fn refused() -> Silence {
    Silence { code: "LLM_REFUSED", message: "the language model refused this request".to_owned() }
}

/// The intent in a model's answer: the first JSON object that names one of the six.
fn read_intent(text: &str) -> Option<Intent> {
    const LABELS: [&str; 6] =
        ["DSL_CREATE", "DSL_UPDATE", "VIEW_TOGGLE", "EXPERT_QA", "CLARIFY", "OUT_OF_SCOPE"];
    let json = text.get(text.find('{')?..=text.rfind('}')?)?;
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    let label = value["intent"].as_str()?.trim();
    let label = LABELS.into_iter().find(|known| known.eq_ignore_ascii_case(label))?;
    let confidence = value["confidence"].as_f64().filter(|sure| sure.is_finite()).unwrap_or(0.7);
    Some(Intent { label: label.to_owned(), confidence: confidence.clamp(0.0, 1.0), source: "llm".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intent_is_read_out_of_what_stands_around_it() {
        let read = |text: &str| read_intent(text).map(|intent| (intent.label, intent.confidence));
        let some = |label: &str, confidence| Some((label.to_owned(), confidence));
        assert_eq!(read("{\"intent\":\"EXPERT_QA\",\"confidence\":0.9}"), some("EXPERT_QA", 0.9));
        assert_eq!(read("Sure!\n```json\n{\"intent\": \"dsl_create\"}\n```"), some("DSL_CREATE", 0.7));
        assert_eq!(read("{\"intent\":\"CLARIFY\",\"confidence\":17}"), some("CLARIFY", 1.0));
        for none in ["", "}{", "EXPERT_QA", "{\"intent\":\"DELETE_ALL\"}", "{\"intent\":5}", "{\"intent\":"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
