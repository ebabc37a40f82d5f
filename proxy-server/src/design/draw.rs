//! D2 from a language model: told as it is written, mended, judged, and asked for again where it does not do.

use crate::design::events::{Event, Events};
use crate::design::mind::{Mind, Said, Silence, refused, turn};
use crate::design::save;
use crate::design::unfence::Unfence;
use crate::engine::prompts;
use crate::error::Error;
use crate::llm::message::{self, Finish, Role, Turn};
use crate::llm::{Failure, Own};
use crate::state::AppState;

/// Further tries after a first answer that does not do.
const CORRECTIONS: usize = 2;
/// Bytes of a model's answer.
const MOST: usize = 256 << 10;

/// What is to be drawn.
pub(crate) struct Wish<'a> {
    /// Whose it is.
    pub(crate) user_id: &'a str,
    pub(crate) query: &'a str,
    /// The diagram to change; `None`: a new one.
    pub(crate) existing: Option<&'a str>,
    pub(crate) history: &'a [prompts::Message],
    /// What the project adds to the style pack.
    pub(crate) style: &'a prompts::StylePack,
}

/// The diagram that a model drew for `wish`, fit to be kept; or why there is none.
///
/// What was told through `events`, from the last `reset` on, is then exactly that diagram, and nothing where there is
/// none.
pub(crate) async fn draw(
    state: &AppState,
    mind: &Mind<'_>,
    wish: &Wish<'_>,
    events: &Events,
) -> Result<Result<Said, Silence>, Error> {
    let first = match wish.existing {
        Some(source) => prompts::update(wish.query, source, wish.history, wish.style),
        None => prompts::create(wish.query, wish.history, wish.style),
    };
    let mut turns = vec![turn(Role::User, first)];
    let mut told = String::new();
    let mut silence = Silence {
        code: "LLM_UNUSABLE",
        message: "what the language model drew could not be used".to_owned(),
    };
    for _ in 0..=CORRECTIONS {
        forget(&mut told, events).await;
        let mut own = match mind.ask(&turns).await {
            Ok(own) => own,
            Err(failure) => {
                silence = failure.into();
                break;
            }
        };
        let provider = own.target().0.to_owned();
        match listen(&mut own, &mut told, events).await {
            Heard::Whole(text) => match judge(state, wish, &text).await? {
                Ok(source) => {
                    if source != told {
                        forget(&mut told, events).await;
                        events.tell(Event::Source { delta: source.clone() }).await;
                    }
                    return Ok(Ok(Said { text: source, provider }));
                }
                Err(problem) => correct(&mut turns, text, problem),
            },
            Heard::TooLong(text) => {
                let problem =
                    "Your answer was cut off because it was too long. Draw the same with fewer parts.";
                correct(&mut turns, text, problem.to_owned());
            }
            Heard::Refusal => {
                silence = refused();
                break;
            }
            // Half an answer says nothing: the same is asked again.
            Heard::Broken(failure) => silence = failure.into(),
        }
    }
    forget(&mut told, events).await;
    Ok(Err(silence))
}

/// Takes back what was told.
async fn forget(told: &mut String, events: &Events) {
    if !told.is_empty() {
        told.clear();
        events.tell(Event::Reset { reset: true }).await;
    }
}

/// The next turn of the conversation: what is wrong with the answer before. Only the last answer goes along.
fn correct(turns: &mut Vec<Turn>, answer: String, problem: String) {
    turns.truncate(1);
    // Some providers do not take an empty turn.
    let answer = if answer.trim().is_empty() { "(nothing)".to_owned() } else { answer };
    turns.push(turn(Role::Assistant, answer));
    turns.push(turn(Role::User, problem));
}

enum Heard {
    Whole(String),
    TooLong(String),
    Refusal,
    Broken(Failure),
}

/// Takes an answer in, telling the D2 in it as it comes.
async fn listen(own: &mut Own, told: &mut String, events: &Events) -> Heard {
    let mut text = String::new();
    let mut code = Unfence::default();
    let mut is_cut = false;
    loop {
        match own.next().await {
            Ok(Some(message::Event::Text(more))) => {
                text.push_str(&more);
                let delta = code.push(&more);
                if !delta.is_empty() {
                    told.push_str(&delta);
                    events.tell(Event::Source { delta }).await;
                }
                if text.len() > MOST {
                    text.truncate(text.floor_char_boundary(MOST / 8));
                    return Heard::TooLong(text);
                }
            }
            Ok(Some(message::Event::Refusal(_) | message::Event::Finish(Finish::Refused))) => {
                return Heard::Refusal;
            }
            Ok(Some(message::Event::Finish(Finish::Length))) => is_cut = true,
            Ok(Some(_)) => {}
            Ok(None) if is_cut => return Heard::TooLong(text),
            Ok(None) => return Heard::Whole(text),
            Err(failure) => return Heard::Broken(failure),
        }
    }
}

/// The source that may be kept; or what to tell the model.
async fn judge(state: &AppState, wish: &Wish<'_>, text: &str) -> Result<Result<String, String>, Error> {
    let mended = state.engine.repair(text).await?;
    if !mended.ok {
        return Ok(Err(mended.problem));
    }
    // A change is made in the person's own text, which keeps its comments, its order and its fixed places.
    let source = match wish.existing {
        Some(existing) => state.engine.revise(existing, &mended.source).await?,
        None => mended.source,
    };
    match save::check(state, wish.user_id, &source).await {
        Ok(_) => Ok(Ok(source)),
        Err(Error::Refused { message, .. }) => Ok(Err(prompts::repair(&source, &message))),
        Err(Error::Validation(fields)) => {
            let problem: Vec<String> = fields.into_iter().map(|field| field.message).collect();
            Ok(Err(prompts::repair("", &problem.join("; "))))
        }
        Err(error) => Err(error),
    }
}
