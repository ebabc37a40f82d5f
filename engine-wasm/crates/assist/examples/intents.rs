//! Trains and measures the vector stage of the intent classifier.
//!
//! ```sh
//! cargo xtask intents                    # accuracy per label with intervals, confusion, calibration, of the sets
//! cargo xtask intents train              # trains on tests/intents/train and writes data/intents.bin
//! cargo xtask intents FILE               # the same of a set that stands elsewhere
//! cargo xtask intents wrong validation   # what was wrong, to find causes
//! ```
//!
//! Training texts: `tests/intents/train` (templates, expanded with a fixed seed). A model of another size than this build's
//! is refused by the library: take `data/intents.bin` away before training anew. The validation sets say at their top how
//! they were made; `docs/assistant.md` keeps the figures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use spandrel_assist::intents::{SLOTS, features, mark, slot};
use spandrel_assist::{Context, Data, Intent, Words, classify};

const LABELS: usize = 6;

fn main() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/intents");
    let data = Data::embedded();
    let mut out = String::new();
    let args: Vec<String> = env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("train") => {
            let templates = read_templates(&root);
            out.push_str(&held_out_accuracy(data.words(), &templates));
            let mut all: Vec<Sample> = expand_all(data.words(), &templates, |_| true);
            let owners = settle(&mut all);
            let weights = fit(&all);
            let packed = pack(&weights, &owners);
            let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/intents.bin");
            fs::write(&path, packed).expect("data/ can be written");
            out.push_str(&format!("{} samples of {} templates\n", all.len(), templates.all.len()));
        }
        Some("wrong") => {
            let set = args.get(1).map_or("validation", String::as_str);
            out.push_str(&report(&root.join(format!("{set}.txt"))).1);
        }
        Some(path) => out.push_str(&report(Path::new(path)).0),
        None => {
            for set in SETS {
                let (figures, _) = report(&root.join(format!("{set}.txt")));
                out.push_str(&format!("── {set}\n{figures}\n"));
            }
        }
    }
    std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes()).expect("standard output is open");
}

struct Template {
    label: usize,
    contexts: Vec<bool>,
    samples: usize,
    text: String,
}

struct Templates {
    lexicon: BTreeMap<String, Vec<String>>,
    all: Vec<Template>,
    /// Queries of the validation sets, bare: what a template happens to make of the same words is left out.
    kept_out: BTreeSet<String>,
}

/// The sets that stand in this repository.
const SETS: [&str; 11] = [
    "validation",
    "validation-2",
    "validation-3",
    "validation-4",
    "validation-5",
    "validation-6",
    "validation-7",
    "validation-8",
    "validation-9",
    "validation-10",
    "validation-11",
];

/// The queries of a set: accepted labels, whether a diagram is open, text.
fn queries(path: &Path) -> Vec<(Vec<Intent>, bool, String)> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut parts = line.splitn(3, ' ');
            let labels = parts.next()?.split('/').filter_map(Intent::from_name).collect();
            Some((labels, parts.next()? == "y", parts.next()?.to_owned()))
        })
        .collect()
}

/// A text by its letters and digits alone.
fn bare(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

struct Sample {
    template: usize,
    /// Features, and after [`settle`] their slots.
    features: Vec<u32>,
    label: usize,
    weight: f32,
}

fn read_templates(root: &Path) -> Templates {
    let mut lexicon: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let text = fs::read_to_string(root.join("lexicon.txt")).expect("lexicon.txt");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, words)) = line.split_once(": ") {
            lexicon.insert(name.to_owned(), words.split('|').map(|word| word.trim().to_owned()).collect());
        }
    }
    let components = spandrel_catalog::COMPONENTS;
    let names = components.iter().map(|component| component.name.to_lowercase());
    let words = components.iter().map(|component| component.id.replace('_', " "));
    let common = "database|cache|queue|api|load balancer|gateway|web server|worker|auth service|firewall|user service|payment service|frontend|backend|redis|kafka|postgres";
    let mut all: Vec<String> = names.chain(words).collect();
    // Common parts are named far more often than the rest.
    for _ in 0..12 {
        all.extend(common.split('|').map(str::to_owned));
    }
    lexicon.insert("comp".to_owned(), all);
    lexicon.insert(
        "product".to_owned(),
        components.iter().flat_map(|c| c.products).map(|p| (*p).to_owned()).collect(),
    );
    let patterns =
        Data::embedded().pattern_phrases().into_iter().filter(|phrase| phrase.contains(' ')).collect();
    lexicon.insert("pattern".to_owned(), patterns);

    let mut templates = Vec::new();
    let mut files: Vec<PathBuf> =
        fs::read_dir(root.join("train")).expect("train/").map(|entry| entry.expect("entry").path()).collect();
    files.sort();
    for file in files {
        let mut head = None;
        for line in fs::read_to_string(&file).expect("readable").lines() {
            let line = line.trim();
            if let Some(header) = line.strip_prefix("@ ") {
                let (label, context) = header.split_once(' ').expect("@ LABEL context");
                let label = Intent::ALL.iter().position(|i| i.as_str() == label).expect("a label");
                let contexts = match context {
                    "y" => vec![true],
                    "n" => vec![false],
                    _ => vec![false, true],
                };
                head = Some((label, contexts));
            } else if !line.is_empty() && !line.starts_with('#') {
                let (label, contexts) = head.clone().expect("a header before templates");
                let counted = line.strip_prefix('x').and_then(|rest| rest.split_once(' '));
                let counted = counted.and_then(|(n, text)| Some((n.parse::<usize>().ok()?, text)));
                let (samples, text) = counted.map_or((0, line), |(n, text)| (n * 3, text));
                templates.push(Template { label, contexts, samples, text: text.to_owned() });
            }
        }
    }
    let sets = SETS.iter().flat_map(|set| queries(&root.join(format!("{set}.txt"))));
    let kept_out = sets.map(|(_, _, query)| bare(&query)).collect();
    Templates { lexicon, all: templates, kept_out }
}

fn expand_all(words: &Words, templates: &Templates, wanted: impl Fn(usize) -> bool) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (index, template) in templates.all.iter().enumerate().filter(|(index, _)| wanted(*index)) {
        let mut random = Random(0x9e37_79b9 ^ (index as u64).wrapping_mul(0x0100_0000_01b3));
        let mut texts: Vec<String> = Vec::new();
        if template.samples == 0 {
            texts.extend([
                template.text.clone(),
                template.text.to_lowercase(),
                noisy(&template.text, &mut random),
            ]);
        }
        for _ in 0..template.samples {
            let text = expand(&template.text, &templates.lexicon, &mut random);
            texts.push(dress(&text, &mut random));
        }
        texts.sort();
        texts.dedup();
        texts.retain(|text| !templates.kept_out.contains(&bare(text)));
        let weight = 1.0 / (texts.len() as f32).sqrt();
        for text in texts {
            for context in &template.contexts {
                samples.push(Sample {
                    template: index,
                    features: features(words, &text, *context),
                    label: template.label,
                    weight: weight.max(0.08),
                });
            }
        }
    }
    samples
}

/// Chooses alternatives and fills slots.
fn expand(template: &str, lexicon: &BTreeMap<String, Vec<String>>, random: &mut Random) -> String {
    let chars: Vec<char> = template.chars().collect();
    let mut at = 0;
    let text = sequence(&chars, &mut at, lexicon, random);
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ?", "?").replace(" ,", ",")
}

fn sequence(
    chars: &[char],
    at: &mut usize,
    lexicon: &BTreeMap<String, Vec<String>>,
    random: &mut Random,
) -> String {
    let mut out = String::new();
    while *at < chars.len() && !matches!(chars[*at], '|' | ')') {
        match chars[*at] {
            '(' => {
                *at += 1;
                let mut options = vec![sequence(chars, at, lexicon, random)];
                while chars.get(*at) == Some(&'|') {
                    *at += 1;
                    options.push(sequence(chars, at, lexicon, random));
                }
                *at += 1;
                out.push_str(&options[random.below(options.len())]);
            }
            '{' => {
                let end = chars[*at..].iter().position(|c| *c == '}').expect("a slot ends") + *at;
                let name: String = chars[*at + 1..end].iter().collect();
                let words = lexicon.get(&name).unwrap_or_else(|| panic!("no words for {{{name}}}"));
                out.push_str(&words[random.below(words.len())]);
                *at = end + 1;
            }
            '\\' => {
                out.push(chars[*at + 1]);
                *at += 2;
            }
            c => {
                out.push(c);
                *at += 1;
            }
        }
    }
    out
}

/// How people type: no capitals, a full stop, a slip.
fn dress(text: &str, random: &mut Random) -> String {
    let mut text = match random.below(10) {
        0..=4 => text.to_lowercase(),
        5..=7 => capital(text),
        _ => text.to_owned(),
    };
    match random.below(16) {
        0 | 1 => text.push('.'),
        2 => text.push('!'),
        3 => text.push_str(" please"),
        _ => {}
    }
    if random.below(9) == 0 { noisy(&text, random) } else { text }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One slip of the finger in a longer word.
fn noisy(text: &str, random: &mut Random) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let long: Vec<usize> = (0..words.len()).filter(|&index| words[index].chars().count() > 4).collect();
    if long.is_empty() {
        return text.to_owned();
    }
    let index = long[random.below(long.len())];
    let mut letters: Vec<char> = words[index].chars().collect();
    let at = 1 + random.below(letters.len() - 2);
    match random.below(3) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        _ => letters.insert(at, letters[at]),
    }
    words[index] = letters.into_iter().collect();
    words.join(" ")
}

struct Random(u64);

impl Random {
    /// xorshift64* (Vigna 2016): the same samples in every run.
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        ((self.next() >> 33) % limit.max(1) as u64) as usize
    }
}

/// Gives each slot to the feature that most templates have, and replaces the features of the samples by their slots. What
/// a single template has says more about its wording than about a label, and gets none. Returns the slots' owners.
fn settle(samples: &mut [Sample]) -> Vec<Option<u32>> {
    // The last template that had it, and how many did.
    let mut spread: BTreeMap<u32, (usize, u32)> = BTreeMap::new();
    for sample in samples.iter() {
        for feature in &sample.features {
            let seen = spread.entry(*feature).or_insert((sample.template, 1));
            if seen.0 != sample.template {
                *seen = (sample.template, seen.1 + 1);
            }
        }
    }
    let mut best: Vec<Option<(u32, u32)>> = vec![None; SLOTS];
    for (feature, (_, templates)) in spread.into_iter().filter(|(_, (_, templates))| *templates > 1) {
        let place = &mut best[slot(feature)];
        if place.is_none_or(|(_, most)| templates > most) {
            *place = Some((feature, templates));
        }
    }
    let owners: Vec<Option<u32>> = best.into_iter().map(|place| Some(place?.0)).collect();
    for sample in samples {
        sample.features = settled(&sample.features, &owners);
    }
    owners
}

/// The slots of the features that own one.
fn settled(features: &[u32], owners: &[Option<u32>]) -> Vec<u32> {
    let owned = features.iter().filter(|feature| owners[slot(**feature)] == Some(**feature));
    owned.map(|feature| slot(*feature) as u32).collect()
}

/// Multinomial logistic regression by stochastic gradient descent with AdaGrad steps (Duchi et al. 2011).
fn fit(samples: &[Sample]) -> Vec<[f32; LABELS]> {
    const EPOCHS: usize = 14;
    const STEP: f32 = 0.35;
    const DECAY: f32 = 2e-6;
    /// In a thousand.
    const DROPPED: usize = 250;
    let mut weights = vec![[0.0_f32; LABELS]; SLOTS];
    let mut squares = vec![[1e-4_f32; LABELS]; SLOTS];
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut random = Random(7);
    let mean: f32 = samples.iter().map(|sample| sample.weight).sum::<f32>() / samples.len() as f32;
    let mut per_label = [0.0_f32; LABELS];
    for sample in samples {
        per_label[sample.label] += sample.weight;
    }
    let total: f32 = per_label.iter().sum();
    for _ in 0..EPOCHS {
        for index in (1..order.len()).rev() {
            order.swap(index, random.below(index + 1));
        }
        for &index in &order {
            let sample = &samples[index];
            // Features drop out at random, so that none is leant on alone (Srivastava et al. 2014).
            let slots: Vec<u32> =
                sample.features.iter().copied().filter(|_| random.below(1000) >= DROPPED).collect();
            let norm = 1.0 / (slots.len().max(1) as f32).sqrt();
            let probabilities = softmax(&score(&weights, &slots));
            // Labels count alike, however many samples each has.
            let balance = (total / LABELS as f32 / per_label[sample.label]).sqrt();
            let importance = sample.weight / mean * balance;
            for label in 0..LABELS {
                let error =
                    (probabilities[label] - f32::from(u8::from(label == sample.label))) * importance * norm;
                if error.abs() < 1e-5 {
                    continue;
                }
                for slot in &slots {
                    let (weight, square) =
                        (&mut weights[*slot as usize][label], &mut squares[*slot as usize][label]);
                    let gradient = error + DECAY * *weight;
                    *square += gradient * gradient;
                    *weight -= STEP * gradient / square.sqrt();
                }
            }
        }
    }
    weights
}

fn score(weights: &[[f32; LABELS]], slots: &[u32]) -> [f32; LABELS] {
    let mut sums = [0.0; LABELS];
    for slot in slots {
        for (sum, weight) in sums.iter_mut().zip(&weights[*slot as usize]) {
            *sum += weight;
        }
    }
    let norm = (slots.len().max(1) as f32).sqrt();
    sums.map(|sum| sum / norm)
}

fn softmax(scores: &[f32; LABELS]) -> [f32; LABELS] {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = scores.map(|score| (score - most).exp());
    let total: f32 = powers.iter().sum();
    powers.map(|power| power / total)
}

/// Each slot's mark, and its weights as signed bytes. The temperature makes the training confidences honest on templates
/// that were held out: `held_out_accuracy` prints how far they were off.
fn pack(weights: &[[f32; LABELS]], owners: &[Option<u32>]) -> Vec<u8> {
    let mut scales = [0.0_f32; LABELS];
    for label in 0..LABELS {
        let most = weights.iter().map(|row| row[label].abs()).fold(0.0, f32::max);
        scales[label] = (most / 127.0).max(1e-9);
    }
    let mut out = Vec::with_capacity(4 * (1 + LABELS) + SLOTS * (1 + LABELS));
    out.extend_from_slice(&TEMPERATURE.to_le_bytes());
    for scale in scales {
        out.extend_from_slice(&scale.to_le_bytes());
    }
    for (row, owner) in weights.iter().zip(owners) {
        out.push(owner.map_or(0, mark));
        for label in 0..LABELS {
            out.push(((row[label] / scales[label]).round() as i8).cast_unsigned());
        }
    }
    out
}

/// Chosen on held-out templates (never on the validation set): where mean confidence equals accuracy.
const TEMPERATURE: f32 = 1.6;

/// Accuracy on every fifth template, trained on the others: what new wording costs.
fn held_out_accuracy(words: &Words, templates: &Templates) -> String {
    let mut train = expand_all(words, templates, |index| index % 5 != 2);
    let mut test = expand_all(words, templates, |index| index % 5 == 2);
    let owners = settle(&mut train);
    for sample in &mut test {
        sample.features = settled(&sample.features, &owners);
    }
    let weights = fit(&train);
    let (mut right, mut total) = (0.0, 0.0);
    let mut confidence = BTreeMap::new();
    for sample in &test {
        let scores = score(&weights, &sample.features);
        let best = (0..LABELS).fold(0, |best, label| if scores[label] > scores[best] { label } else { best });
        total += f64::from(sample.weight);
        right += if best == sample.label { f64::from(sample.weight) } else { 0.0 };
        for temperature in [10_u32, 13, 16, 20, 25, 30] {
            let softened = softmax(&scores.map(|score| score * 10.0 / temperature as f32));
            *confidence.entry(temperature).or_insert(0.0) +=
                f64::from(softened[best]) * f64::from(sample.weight);
        }
    }
    let mut out = format!("held-out templates: accuracy {:.3}\n", right / total);
    for (temperature, sum) in confidence {
        out.push_str(&format!(
            "  temperature {:.1}: mean confidence {:.3}\n",
            f64::from(temperature) / 10.0,
            sum / total
        ));
    }
    out
}

/// The figures of a validation set, and the requests that were labelled wrongly.
fn report(path: &Path) -> (String, String) {
    let data = Data::embedded();
    let mut confusion = [[0_u32; LABELS]; LABELS];
    let mut stages: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut wrong = String::new();
    let mut bands: BTreeMap<u32, (u32, f64, u32)> = BTreeMap::new();
    let started = std::time::Instant::now();
    let mut asked = 0_u32;
    for (accepted, has_diagram, query) in queries(path) {
        let found = classify(&data, &query, Context { has_diagram, last_intent: None });
        let right = accepted.contains(&found.intent);
        let truth = if right { found.intent } else { accepted[0] };
        confusion[truth as usize][found.intent as usize] += 1;
        let stage = stages.entry(found.source.as_str()).or_default();
        stage.0 += u32::from(right);
        stage.1 += 1;
        let band = bands.entry((found.confidence * 5.0) as u32).or_default();
        *band = (band.0 + u32::from(right), band.1 + found.confidence, band.2 + 1);
        asked += 1;
        if !right {
            wrong.push_str(&format!(
                "  {} {} -> {} {:.2} ({}): {query}\n",
                accepted[0].as_str(),
                if has_diagram { 'y' } else { 'n' },
                found.intent.as_str(),
                found.confidence,
                found.source.as_str()
            ));
        }
    }
    let micros = started.elapsed().as_micros() as f64 / f64::from(asked.max(1));
    let mut out = String::from("label            right   of   accuracy   95 % interval (Wilson)\n");
    let mut all = (0, 0);
    for (label, row) in confusion.iter().enumerate() {
        let (right, total) = (row[label], row.iter().sum::<u32>());
        all = (all.0 + right, all.1 + total);
        out.push_str(&line_of(Intent::ALL[label].as_str(), right, total));
    }
    out.push_str(&line_of("all", all.0, all.1));
    out.push_str("\nconfusion (rows: what was right; columns: what was said, same order)\n");
    for (label, row) in confusion.iter().enumerate() {
        out.push_str(&format!("{:14}", Intent::ALL[label].as_str()));
        for count in row {
            out.push_str(&format!("{count:5}"));
        }
        out.push('\n');
    }
    for (stage, (right, total)) in stages {
        out.push_str(&format!("stage {stage}: {right} of {total} right\n"));
    }
    out.push_str("confidence said and kept:");
    for (right, said, total) in bands.values() {
        let total = f64::from(*total);
        out.push_str(&format!("  {:.2} / {:.2} ({total:.0})", said / total, f64::from(*right) / total));
    }
    out.push_str(&format!("\n{micros:.0} µs a request\n"));
    (out, wrong)
}

fn line_of(name: &str, right: u32, total: u32) -> String {
    let (n, p) = (f64::from(total.max(1)), f64::from(right) / f64::from(total.max(1)));
    let z = 1.96_f64;
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    format!("{name:14} {right:7} {total:4} {:10.3}   {:.3} to {:.3}\n", p, middle - half, middle + half)
}
