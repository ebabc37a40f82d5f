//! The design pipeline with a language model, which does not always behave.

use std::time::Duration;

use proxy_server::llm::config::Kind;
use reqwest::Method;
use serde_json::{Value, json};

use crate::design::{WISH, events};
use crate::fake_upstream::Fake;
use crate::harness::{Answer, Server, config, read};
use crate::model::{KINDS, Say, Task, asked, model, tasks, with_model};

const SHOP: &str =
    "web: Web Shop\napi: Orders API\ndb: Orders {shape: cylinder}\nweb -> api: HTTPS\napi -> db: SQL\n";

async fn server_with(kind: Kind, fake: &Fake) -> Server {
    Server::with(with_model(config(), "thinker", kind, fake)).await
}

async fn ask(server: &Server, body: &Value) -> Vec<(String, Value)> {
    let request = server.request(Method::POST, "/v2/design/generate");
    let answer = read(request.header("accept", "text/event-stream").json(body)).await;
    events(&answer.is(200).text)
}

/// The source as a client has it at the end, which obeys every reset.
fn shown(told: &[(String, Value)]) -> (String, usize) {
    let (mut text, mut resets) = (String::new(), 0);
    for (_, data) in told.iter().filter(|(name, _)| name == "source") {
        if data["reset"] == true {
            text.clear();
            resets += 1;
        } else {
            text.push_str(data["delta"].as_str().unwrap());
        }
    }
    (text, resets)
}

fn done(told: &[(String, Value)]) -> &Value {
    let (name, data) = told.last().unwrap();
    assert_eq!(name, "done", "{data}");
    &data["response"]
}

#[tokio::test]
async fn a_model_draws_and_explains_in_every_dialect() {
    for kind in KINDS {
        let fake = model(kind, &[(Task::Create, &[Say::text(SHOP)])]).await;
        let server = server_with(kind, &fake).await;
        let code = server.project().await;
        let told = ask(&server, &json!({ "project_id": code, "query": WISH })).await;
        let mut names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
        names.dedup();
        assert_eq!(names, ["intent", "source", "message", "version", "done"], "{kind:?}");
        assert_eq!(shown(&told), (SHOP.to_owned(), 0));
        assert!(told.iter().filter(|(name, _)| name == "source").count() > 1, "it is told as it is written");
        let response = done(&told);
        assert_eq!(response["provider"], "thinker");
        assert_eq!(response["fallback"], Value::Null);
        assert_eq!(response["payload"]["d2"], SHOP);
        assert_eq!(response["message"], "Here is why it is so.");
        let nodes = response["payload"]["diagram_state"]["nodes"].as_array().unwrap().len();
        assert_eq!(nodes, 3);
        let version = server.get(&format!("/v1/projects/{code}/versions/1")).await;
        assert_eq!((&version.json["source"], &version.json["origin"]), (&json!(SHOP), &json!("thinker")));
        // Everything is booked to the project.
        let usage = usage_of(&server, 2).await;
        assert_eq!(
            (&usage["project_id"], &usage["input_tokens"], &usage["output_tokens"]),
            (&json!(code), &json!(200), &json!(40))
        );
        server.end().await;
    }
}

/// The sums of the only project, once so many requests are booked.
async fn usage_of(server: &Server, requests: i64) -> Value {
    for _ in 0..200 {
        let usage = server.get("/v1/usage?by=project").await.json["data"][0].clone();
        if usage["requests"] == requests {
            return usage;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not {requests} requests: {}", server.get("/v1/usage?by=project").await.text);
}

#[tokio::test]
async fn a_broken_answer_is_asked_for_again_with_what_is_wrong() {
    for kind in KINDS {
        let broken = "web: Web Shop {\n  shape: \"\n}}}\nweb -> -> -> ${\n";
        let fenced = format!("Sorry about that! Here it is:\n\n```d2\n{SHOP}```\n\nEnjoy.\n");
        let fake = model(kind, &[(Task::Create, &[Say::text(broken), Say::text(&fenced)])]).await;
        let server = server_with(kind, &fake).await;
        let code = server.project().await;
        let told = ask(&server, &json!({ "project_id": code, "query": WISH })).await;
        let (text, resets) = shown(&told);
        assert_eq!(text, SHOP, "{kind:?}");
        assert!(resets >= 1);
        assert_eq!(done(&told)["payload"]["d2"], SHOP);
        assert_eq!(done(&told)["provider"], "thinker");
        let draws = tasks(&fake, Task::Create);
        assert_eq!(draws.len(), 2);
        let second = asked(&draws[1]);
        assert!(second.contains("has errors") && second.contains("line "), "{second}");
        assert!(second.contains("web -> -> ->"), "its own answer goes along: {second}");
        server.end().await;
    }
}

#[tokio::test]
async fn a_model_that_never_gets_it_right_is_replaced_and_the_answer_says_so() {
    let mermaid = "flowchart TD\n  A[Web] --> B[API]\n";
    let fake = model(Kind::Anthropic, &[(Task::Create, &[Say::text(mermaid)])]).await;
    let server = server_with(Kind::Anthropic, &fake).await;
    let code = server.project().await;
    let told = ask(&server, &json!({ "project_id": code, "query": WISH })).await;
    assert_eq!(tasks(&fake, Task::Create).len(), 3, "one answer and two corrections");
    let response = done(&told);
    is_offline(response, "LLM_UNUSABLE");
    assert_eq!(response["payload"]["d2"], shown(&told).0, "nothing of the model's is left");
    assert_eq!(response["payload"]["version_id"], 1);
    server.end().await;
}

#[track_caller]
fn is_offline(response: &Value, code: &str) {
    assert_eq!(response["provider"], "offline", "{response}");
    assert_eq!(response["fallback"]["error_code"], code, "{response}");
    assert!(response["message"].as_str().unwrap().contains("without a language model"), "{response}");
    assert!(!response["payload"]["d2"].as_str().unwrap_or_default().is_empty());
}

#[tokio::test]
async fn a_refusal_inside_a_200_is_seen() {
    for kind in KINDS {
        let fake = model(kind, &[(Task::Create, &[Say::Refusal])]).await;
        let server = server_with(kind, &fake).await;
        let code = server.project().await;
        let told = ask(&server, &json!({ "project_id": code, "query": WISH })).await;
        is_offline(done(&told), "LLM_REFUSED");
        assert_eq!(tasks(&fake, Task::Create).len(), 1, "{kind:?}: asking again would not help");
        server.end().await;
    }
}

#[tokio::test]
async fn half_an_answer_is_never_kept() {
    for kind in KINDS {
        let script = [Say::Cut(SHOP.to_owned()), Say::text(SHOP)];
        let fake = model(kind, &[(Task::Create, &script)]).await;
        let server = server_with(kind, &fake).await;
        let code = server.project().await;
        let told = ask(&server, &json!({ "project_id": code, "query": WISH })).await;
        let (text, resets) = shown(&told);
        assert_eq!((text.as_str(), resets), (SHOP, 1), "{kind:?}");
        assert_eq!(tasks(&fake, Task::Create).len(), 2);
        assert_eq!(done(&told)["provider"], "thinker");
        server.end().await;
    }
}

#[tokio::test]
async fn an_answer_at_its_limit_is_asked_for_again_smaller() {
    for kind in KINDS {
        let script = [Say::Limit("web: Web Shop\napi: Orders API\nweb -> ap".to_owned()), Say::text(SHOP)];
        let fake = model(kind, &[(Task::Create, &script)]).await;
        let server = server_with(kind, &fake).await;
        let code = server.project().await;
        let told = ask(&server, &json!({ "project_id": code, "query": WISH })).await;
        assert_eq!(done(&told)["payload"]["d2"], SHOP, "{kind:?}");
        assert!(asked(&tasks(&fake, Task::Create)[1]).contains("fewer parts"));
        server.end().await;
    }
}

#[tokio::test]
async fn an_overloaded_provider_gives_way_to_the_next() {
    let busy =
        model(Kind::Anthropic, &[(Task::Create, &[Say::Status(529)]), (Task::Explain, &[Say::Status(529)])])
            .await;
    let free = model(Kind::OpenaiChat, &[(Task::Create, &[Say::text(SHOP)])]).await;
    let mut config = with_model(config(), "thinker", Kind::Anthropic, &busy);
    let other = with_model(crate::harness::config(), "other", Kind::OpenaiChat, &free);
    config.llm.providers.extend(other.llm.providers);
    for (size, model) in other.llm.models {
        config.llm.models.insert(format!("other-{size}"), model);
        config.llm.models.get_mut(&size).unwrap().fallback.push(format!("other-{size}"));
    }
    let server = Server::with(config).await;
    let code = server.project().await;
    let answer = server.post("/v2/design/generate", json!({ "project_id": code, "query": WISH })).await;
    let response = &answer.is(200).json["response"];
    assert_eq!((&response["provider"], &response["payload"]["d2"]), (&json!("other"), &json!(SHOP)));
    assert_eq!(response["message"], "Here is why it is so.");
    server.end().await;
}

#[tokio::test]
async fn without_an_answer_the_offline_generator_draws() {
    for (says, code) in [
        (Say::Status(529), "LLM_BUSY"),
        (Say::Status(401), "LLM_UNAVAILABLE"),
        (Say::Status(500), "LLM_UNAVAILABLE"),
    ] {
        let fake = model(Kind::Anthropic, &[(Task::Create, std::slice::from_ref(&says))]).await;
        let server = server_with(Kind::Anthropic, &fake).await;
        let project = server.project().await;
        let answer =
            server.post("/v2/design/generate", json!({ "project_id": project, "query": WISH })).await;
        is_offline(&answer.is(200).json["response"], code);
        server.end().await;
    }
}

#[tokio::test]
async fn a_change_is_made_in_the_persons_own_text() {
    // What a model makes of it: no comments, no places, another order, one more part.
    let models = "db: Orders {shape: cylinder}\napi: Orders API\nweb: Web Shop\ncache: Redis {shape: cylinder}\n\
                  web -> api: HTTPS\napi -> db: SQL\napi -> cache: lookups\n";
    let mine = "# The shop of 2026.\nweb: Web Shop   # public\napi: Orders API {\n  top: 120\n  left: 400\n}\n\
                db: Orders {shape: cylinder}\n\nweb -> api: HTTPS\napi -> db: SQL # never from outside\n";
    for kind in KINDS {
        let fake = model(kind, &[(Task::Update, &[Say::text(models)])]).await;
        let server = server_with(kind, &fake).await;
        let code = server.project().await;
        server.save(&code, 0, mine).await.is(201);
        let told = ask(&server, &json!({ "project_id": code, "query": "add a cache called redis" })).await;
        let response = done(&told);
        let d2 = response["payload"]["d2"].as_str().unwrap();
        for kept in [
            "# The shop of 2026.\nweb: Web Shop   # public\n",
            "# never from outside",
            "top: 120",
            "left: 400",
        ] {
            assert!(d2.contains(kept), "{kind:?}: {kept} is gone from\n{d2}");
        }
        assert!(d2.contains("Redis") && d2.contains("api -> cache: lookups"), "{d2}");
        assert!(d2.find("web: Web Shop") < d2.find("db: Orders"), "the order stays: {d2}");
        assert_eq!(response["payload"]["pinned_nodes"], json!(["api"]));
        assert_eq!(shown(&told).0, d2, "what is shown at the end is what is kept");
        assert_eq!(server.get(&format!("/v1/projects/{code}/versions/2")).await.json["source"], d2);
        assert!(asked(&tasks(&fake, Task::Update)[0]).contains("# The shop of 2026."));
        server.end().await;
    }
}

#[tokio::test]
async fn what_is_dangerous_is_not_kept() {
    let bad = "web: Web Shop {link: \"javascript:alert(1)\"}\napi\nweb -> api\n";
    let fake = model(Kind::OpenaiChat, &[(Task::Create, &[Say::text(bad), Say::text(SHOP)])]).await;
    let server = server_with(Kind::OpenaiChat, &fake).await;
    let code = server.project().await;
    let told = ask(&server, &json!({ "project_id": code, "query": WISH })).await;
    assert_eq!(done(&told)["payload"]["d2"], SHOP);
    assert_eq!(tasks(&fake, Task::Create).len(), 2);
    let versions = server.get(&format!("/v1/projects/{code}/versions")).await;
    assert_eq!(versions.json["meta"]["total"], 1);
    server.end().await;
}

#[tokio::test]
async fn the_model_is_chosen_by_the_size_of_the_prompt() {
    let fake =
        model(Kind::OpenaiChat, &[(Task::Create, &[Say::text(SHOP)]), (Task::Update, &[Say::text(SHOP)])])
            .await;
    let server = server_with(Kind::OpenaiChat, &fake).await;
    let code = server.project().await;
    let wish = json!({ "project_id": code, "query": WISH });
    server.post("/v2/design/generate", wish).await.is(200);
    // A large diagram makes a large prompt.
    for parts in [100, 400] {
        let many: String = (0..parts).map(|n| format!("node_{n}: Node Number {n}\n")).collect();
        let body = json!({ "project_id": code, "query": "add a cache called redis", "source": many, "mode": "propose" });
        server.post("/v2/design/generate", body).await.is(200);
    }
    let models = |task| -> Vec<String> {
        tasks(&fake, task).iter().map(|seen| seen.json()["model"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(models(Task::Create), ["up-small"]);
    assert_eq!(models(Task::Update), ["up-middle", "up-large"]);
    server.end().await;
}

#[tokio::test]
async fn a_person_may_choose_the_model() {
    let fake = model(Kind::OpenaiChat, &[(Task::Create, &[Say::text(SHOP)])]).await;
    let server = server_with(Kind::OpenaiChat, &fake).await;
    let code = server.project().await;
    let listed = server.get("/v1/llm/models").await;
    let names: Vec<(&str, &str)> = listed.is(200).json["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| (model["id"].as_str().unwrap(), model["owned_by"].as_str().unwrap()))
        .collect();
    assert_eq!(names, [("large", "thinker"), ("middle", "thinker"), ("small", "thinker")]);
    for model in ["large", "thinker/large"] {
        let before = fake.count();
        let body = json!({ "project_id": code, "query": WISH, "mode": "propose", "model": model });
        let answer = server.post("/v2/design/generate", body).await;
        assert_eq!(answer.is(200).json["response"]["provider"], "thinker");
        let asked = fake.requests().split_off(before);
        assert!(asked.len() == 2 && asked.iter().all(|seen| seen.json()["model"] == "up-large"), "{asked:?}");
    }
    for wrong in ["huge", "other/large", "", "up-large", "thinker/huge"] {
        let body = json!({ "project_id": code, "query": WISH, "model": wrong });
        let answer = server.post("/v2/design/generate", body).await;
        assert_eq!(answer.is_error(422, "VALIDATION_ERROR").fields(), ["model"]);
    }
    server.end().await;
}

#[tokio::test]
async fn a_projects_own_style_goes_into_its_prompts() {
    let fake = model(Kind::OpenaiChat, &[(Task::Create, &[Say::text(SHOP)])]).await;
    let server = server_with(Kind::OpenaiChat, &fake).await;
    let (code, other) = (server.project().await, server.project().await);
    let path = format!("/v1/projects/{code}/style");
    let nothing = json!({ "rules": [], "colours": {}, "icons": {}, "patterns": [] });
    assert_eq!(server.get(&path).await.is(200).json, nothing);
    let put = async |style: &Value| read(server.request(Method::PUT, &path).json(style)).await;
    let style = json!({
        "rules": ["Keys begin with the name of the team."],
        "colours": { "database": "#123ABC" },
        "icons": { "Orders API": "tabler:shopping-cart" },
        "patterns": ["Every queue has a dead-letter queue."],
    });
    assert_eq!(put(&style).await.is(200).json, style);
    assert_eq!(server.get(&path).await.json, style);
    let ask = async |code: &str| {
        server.post("/v2/design/generate", json!({ "project_id": code, "query": WISH })).await.is(200);
        asked(tasks(&fake, Task::Create).last().unwrap())
    };
    let told = ["name of the team", "#123ABC", "tabler:shopping-cart", "dead-letter queue"];
    let prompt = ask(&code).await;
    assert!(told.iter().all(|part| prompt.contains(part)), "{prompt}");
    let prompt = ask(&other).await;
    assert!(told.iter().all(|part| !prompt.contains(part)), "{prompt}");
    // What is no style is not kept; an empty one is none.
    let wrong = put(&json!({ "rules": ["a\nb"], "colours": { "database": "blue" } })).await;
    assert_eq!(wrong.is_error(422, "VALIDATION_ERROR").fields(), ["rules", "colours"]);
    put(&json!({ "colors": {} })).await.is(422);
    assert_eq!(server.get(&path).await.json, style);
    assert_eq!(put(&json!({})).await.is(200).json, nothing);
    assert_eq!(server.get(&path).await.json, nothing);
    server.end().await;
}

#[tokio::test]
async fn a_projects_own_style_is_that_of_its_offline_drawings() {
    let server = Server::sqlite().await;
    let (code, other) = (server.project().await, server.project().await);
    let style = json!({ "colours": { "database": "#123ABC" }, "icons": { "database": "mdi:database-lock" } });
    read(server.request(Method::PUT, &format!("/v1/projects/{code}/style")).json(&style)).await.is(200);
    let ask = async |code: &str| {
        let body = json!({ "project_id": code, "query": "a web app with a database" });
        let answer = server.post("/v2/design/generate", body).await.is(200).json.clone();
        answer["response"]["payload"]["d2"]
            .as_str()
            .unwrap_or_else(|| panic!("no drawing: {answer}"))
            .to_owned()
    };
    let drawn = ask(&code).await;
    assert!(drawn.contains("#123ABC") && drawn.contains("mdi:database-lock"), "{drawn}");
    let drawn = ask(&other).await;
    assert!(!drawn.contains("#123ABC") && !drawn.contains("mdi:database-lock"), "{drawn}");
    server.end().await;
}

#[tokio::test]
async fn the_model_decides_what_patterns_and_vectors_cannot() {
    let label = "```json\n{\"intent\": \"OUT_OF_SCOPE\", \"confidence\": 0.83}\n```";
    for flag in [true, false] {
        let fake = model(Kind::Anthropic, &[(Task::Classify, &[Say::text(label)])]).await;
        let mut config = with_model(config(), "thinker", Kind::Anthropic, &fake);
        config.flags.use_llm_fallback = flag;
        let server = Server::with(config).await;
        let code = server.project().await;
        // Words of which the engine makes little, whatever it has learnt.
        let mut unsure = None;
        for words in [
            "security matters to us",
            "like last time but nicer with kafka",
            "the boss wants blue gateways",
            "cloud or not",
            "redis as a theme",
            "draw attention to costs",
            "a poem about databases",
            "layers of an onion and of a system",
            "maybe a picture of what could go wrong",
            "kafka kafka kafka",
            "focus on the essentials of payment",
            "my cat broke the load balancer",
        ] {
            let found = server.running.state.engine.classify(words, false, None).await.unwrap();
            if found.source != "pattern" && found.confidence < 0.6 && found.label != "OUT_OF_SCOPE" {
                unsure = Some((words, found));
                break;
            }
        }
        let (query, found) = unsure.expect("it knows everything");
        let body = json!({ "project_id": code, "query": query, "mode": "propose" });
        let answer = server.post("/v2/design/generate", body).await;
        let response = &answer.is(200).json["response"];
        let (intent, source) =
            if flag { ("OUT_OF_SCOPE", "llm") } else { (found.label.as_str(), found.source.as_str()) };
        assert_eq!(
            (&response["intent"], &response["classification_source"]),
            (&json!(intent), &json!(source))
        );
        assert_eq!(tasks(&fake, Task::Classify).len(), usize::from(flag));
        assert_eq!(server.get(&format!("/v1/projects/{code}")).await.json["last_version"], 0);
        server.end().await;
    }
}

#[tokio::test]
async fn questions_go_to_the_model_and_to_the_knowledge_base_without_it() {
    let question = "what is the difference between a queue and a topic?";
    let script: [(Task, &[Say]); 1] = [(
        Task::Expert,
        &[Say::text("A queue has one reader."), Say::Status(503), Say::Cut("A queue".to_owned())],
    )];
    let fake = model(Kind::Gemini, &script).await;
    let server = server_with(Kind::Gemini, &fake).await;
    let code = server.project().await;
    server.save(&code, 0, SHOP).await.is(201);
    let body = json!({ "project_id": code, "query": question });
    let told = ask(&server, &body).await;
    assert_eq!(
        (&done(&told)["message"], &done(&told)["provider"]),
        (&json!("A queue has one reader."), &json!("thinker"))
    );
    assert!(told.iter().filter(|(name, _)| name == "message").count() > 1, "words come as they are written");
    assert!(asked(&tasks(&fake, Task::Expert)[0]).contains("Orders API"), "it sees the diagram");
    let told = ask(&server, &body).await;
    let response = done(&told);
    assert_eq!(
        (&response["provider"], &response["fallback"]["error_code"]),
        (&json!("offline"), &json!("LLM_BUSY"))
    );
    assert!(response["message"].as_str().unwrap().to_lowercase().contains("queue"), "{response}");
    // A part of an answer says that it is one.
    let told = ask(&server, &body).await;
    let message = done(&told)["message"].as_str().unwrap();
    assert!(message.starts_with("A queue") && message.contains("broke here"), "{message}");
    server.end().await;
}

#[tokio::test]
async fn the_conversation_goes_along() {
    let fake =
        model(Kind::Anthropic, &[(Task::Create, &[Say::text(SHOP)]), (Task::Update, &[Say::text(SHOP)])])
            .await;
    let server = server_with(Kind::Anthropic, &fake).await;
    let code = server.project().await;
    let first = server.post("/v2/design/generate", json!({ "project_id": code, "query": WISH })).await;
    let session = &first.json["response"]["session_id"];
    let body = json!({ "project_id": code, "query": "add a cache called redis", "session_id": session });
    let second = server.post("/v2/design/generate", body).await;
    assert!(asked(&tasks(&fake, Task::Update)[0]).contains(WISH));
    // The model changed nothing: no version says the same again.
    let response = &second.is(200).json["response"];
    assert_eq!(response["payload"]["version_id"], 1, "{response}");
    assert_eq!(server.get(&format!("/v1/projects/{code}")).await.json["last_version"], 1);
    server.end().await;
}

#[tokio::test]
async fn who_leaves_takes_the_models_work_along() {
    for kind in KINDS {
        for accept in ["text/event-stream", "application/json"] {
            let fake = model(kind, &[(Task::Create, &[Say::Stall(SHOP.to_owned())])]).await;
            let server = server_with(kind, &fake).await;
            let code = server.project().await;
            let body = json!({ "project_id": code, "query": WISH });
            let request =
                server.request(Method::POST, "/v2/design/generate").header("accept", accept).json(&body);
            let leaving = tokio::spawn(async move {
                let mut response = request.send().await.unwrap();
                while response.chunk().await.unwrap().is_some() {}
            });
            fake.reached(1).await;
            tokio::time::sleep(Duration::from_millis(200)).await;
            leaving.abort();
            assert!(fake.peer_closed(Duration::from_secs(2)).await.is_some(), "{kind:?} {accept}");
            let project = server.get(&format!("/v1/projects/{code}")).await;
            assert_eq!(project.json["last_version"], 0);
            usage_of(&server, 1).await;
            server.end().await;
        }
    }
}

#[tokio::test]
async fn a_used_up_budget_is_told_and_the_drawing_is_made_offline() {
    let fake = model(Kind::Anthropic, &[(Task::Create, &[Say::text(SHOP)])]).await;
    let mut config = with_model(config(), "thinker", Kind::Anthropic, &fake);
    config.limits.tokens_per_day = 10;
    let server = Server::with(config).await;
    let code = server.project().await;
    let answer = server.post("/v2/design/generate", json!({ "project_id": code, "query": WISH })).await;
    is_offline(&answer.is(200).json["response"], "BUDGET_EXCEEDED");
    assert_eq!(fake.count(), 0);
    server.end().await;
}

#[tokio::test]
async fn a_view_is_an_order_to_the_canvas() {
    let fake = model(Kind::Anthropic, &[]).await;
    let server = server_with(Kind::Anthropic, &fake).await;
    let code = server.project().await;
    server.save(&code, 0, SHOP).await.is(201);
    for (query, action, target) in [
        ("hide the databases", "hide", "db"),
        ("switch to the data flow view", "switch", "data_flow"),
        ("dark mode", "theme", "dark"),
    ] {
        let body = json!({ "project_id": code, "query": query });
        let answer: Answer = server.post("/v2/design/generate", body).await;
        let response = &answer.is(200).json["response"];
        assert_eq!(response["intent"], "VIEW_TOGGLE", "{response}");
        assert_eq!(response["payload"]["view"], json!({ "action": action, "target": target }));
        assert_eq!(response["payload"]["version_id"], 1);
        assert_eq!(response["payload"]["d2"], SHOP);
    }
    assert_eq!(server.get(&format!("/v1/projects/{code}")).await.json["last_version"], 1);
    server.end().await;
}

#[tokio::test]
async fn the_old_address_lives_on_the_same_code() {
    let fake = model(Kind::OpenaiChat, &[(Task::Create, &[Say::text(SHOP)])]).await;
    let server = server_with(Kind::OpenaiChat, &fake).await;
    let code = server.project().await;
    let answer = server.post("/v1/design", json!({ "project_id": code, "query": WISH })).await;
    answer.is(200);
    assert_eq!(answer.json["nodes"].as_array().unwrap().len(), 3);
    assert_eq!(answer.json["edges"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&answer.json["version_id"], &answer.json["message"]),
        (&json!(1), &json!("Here is why it is so."))
    );
    assert!(answer.header("deprecation").starts_with('@') && answer.header("sunset").ends_with("GMT"));
    server.end().await;
}
