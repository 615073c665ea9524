//! JSON that is nearly right: a tree that can also hold what no sound writer would write, such as
//! a key twice, a number beyond all limits or half a surrogate pair.

use serde_json::Value;

use super::noise::Noise;

/// A JSON text, taken apart.
#[derive(Debug, Clone)]
pub(super) enum Json {
    /// Written as it stands: numbers, `true`, `null`, and nonsense.
    Raw(String),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

/// Written as they stand, in the place of any value.
const RAW: [&str; 26] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1",
    "2.5",
    "1e3",
    "1e400",
    "-1e-400",
    "255",
    "256",
    "65536",
    "4294967296",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "340282366920938463463374607431768211456",
    "01",
    "NaN",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"\\q\"",
    "[]",
    "{}",
];

/// Texts in the place of any text.
const TEXTS: [&str; 24] = [
    "",
    " ",
    "0",
    "-1",
    "18446744073709551616",
    "00000000000000000001",
    "1.5",
    "true",
    "null",
    "@everyone",
    "<@&1> <#2> </x:3>",
    "\u{202e}gnp.exe\u{202c}",
    "\u{0}\u{7}\u{1b}[31m",
    "\u{feff}\u{200b}\u{2060}",
    "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}",
    "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "ﷺ\u{fdfd}İıſß",
    "```\n# `x` ||y|| [z](http://example.org)",
    "../../etc/passwd",
    "%00%2e%2f",
    "1d6+1d6",
    "9999999999d9999999999",
    "3 goblin-warrior, 2 wolf",
    "v1|01j4zkm0000nybrf0h4d2nf2db|mine||0",
];

/// How long a long text is; longer than every limit of Discord's and ours.
const LONG_CHARS: usize = 7_000;
/// Deeper than any parser follows.
const DEEP: usize = 300;

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => Self::Raw(value.to_string()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(list) => Self::List(list.iter().map(Self::from).collect()),
            Value::Object(map) => {
                Self::Map(map.iter().map(|(key, value)| (key.clone(), value.into())).collect())
            }
        }
    }
}

impl Json {
    pub(super) fn write(&self) -> String {
        let mut out = String::new();
        self.write_to(&mut out);
        out
    }

    fn write_to(&self, out: &mut String) {
        match self {
            Self::Raw(raw) => out.push_str(raw),
            Self::Text(text) => out.push_str(&Value::from(text.as_str()).to_string()),
            Self::List(list) => {
                out.push('[');
                for (n, one) in list.iter().enumerate() {
                    out.push_str(if n == 0 { "" } else { "," });
                    one.write_to(out);
                }
                out.push(']');
            }
            Self::Map(map) => {
                out.push('{');
                for (n, (key, one)) in map.iter().enumerate() {
                    out.push_str(if n == 0 { "" } else { "," });
                    out.push_str(&Value::from(key.as_str()).to_string());
                    out.push(':');
                    one.write_to(out);
                }
                out.push('}');
            }
        }
    }

    /// The value under a key, to be changed apart from the rest.
    pub(super) fn get_mut(&mut self, wanted: &str) -> Option<&mut Self> {
        let Self::Map(map) = self else { return None };
        map.iter_mut().find(|(key, _)| key == wanted).map(|(_, value)| value)
    }

    /// How many values there are, this one included.
    fn count(&self) -> usize {
        match self {
            Self::Raw(_) | Self::Text(_) => 1,
            Self::List(list) => 1 + list.iter().map(Self::count).sum::<usize>(),
            Self::Map(map) => 1 + map.iter().map(|(_, one)| one.count()).sum::<usize>(),
        }
    }

    /// The value with this place, counted from the outside in; 0 is the whole.
    fn at(&mut self, mut place: usize) -> &mut Self {
        if place == 0 {
            return self;
        }
        place -= 1;
        let inside: Vec<&mut Self> = match self {
            Self::Raw(_) | Self::Text(_) => Vec::new(),
            Self::List(list) => list.iter_mut().collect(),
            Self::Map(map) => map.iter_mut().map(|(_, one)| one).collect(),
        };
        for one in inside {
            let count = one.count();
            if place < count {
                return one.at(place);
            }
            place -= count;
        }
        unreachable!("a place beyond the count");
    }

    /// Puts a text in the place of another, under a key of its own.
    pub(super) fn set(&mut self, key: &str, text: String) {
        if let Some(value) = self.get_mut(key) {
            *value = Self::Text(text);
        }
    }

    /// Changes one of its texts into another text, so that its shape stays.
    pub(super) fn change_text(&mut self, noise: &mut Noise) {
        let count = self.count();
        for _ in 0..8 {
            if let Self::Text(text) = self.at(noise.below(count)) {
                match noise.below(4) {
                    0 => *text = wild_text(noise),
                    1 => text.push_str(&wild_text(noise)),
                    2 => *text = text.chars().take(noise.below(text.chars().count())).collect(),
                    _ => *text = noise.spoil_text(text),
                }
                return;
            }
        }
    }

    /// Changes one value somewhere in it.
    pub(super) fn change(&mut self, noise: &mut Noise) {
        let count = self.count();
        // the whole itself is seldom what is wrong
        let place = if noise.once_in(60) { 0 } else { noise.below(count) };
        let graft = noise.once_in(6).then(|| self.at(noise.below(count)).clone());
        let here = self.at(place);
        if let Some(graft) = graft.filter(|graft| graft.count() < 40) {
            *here = graft;
            return;
        }
        match here {
            Self::Raw(raw) => change_raw(here_text(raw), here, noise),
            Self::Text(text) => match noise.below(6) {
                0 => *here = Self::Raw((*noise.pick(&RAW)).to_owned()),
                1 => *text = wild_text(noise),
                2 => text.push_str(&wild_text(noise)),
                3 => text.insert_str(0, &wild_text(noise)),
                4 => *text = text.chars().take(noise.below(text.chars().count())).collect(),
                _ => *text = noise.spoil_text(text),
            },
            Self::List(list) => match (noise.below(4), list.is_empty()) {
                (0, false) => drop(list.remove(noise.below(list.len()))),
                (1, false) => {
                    let again = list[noise.below(list.len())].clone();
                    list.extend(std::iter::repeat_n(again, 1 + noise.below(30)));
                }
                (2, _) => list.insert(noise.below(list.len()), wild(noise)),
                _ => *here = wild(noise),
            },
            Self::Map(map) => match (noise.below(6), map.is_empty()) {
                (0 | 1, false) => drop(map.remove(noise.below(map.len()))),
                (2, false) => {
                    let (key, _) = map[noise.below(map.len())].clone();
                    map.push((key, wild(noise)));
                }
                (3, false) => {
                    let (to, _) = map[noise.below(map.len())].clone();
                    let from = noise.below(map.len());
                    map[from].0 = to;
                }
                (4, _) => map.push((wild_text(noise), wild(noise))),
                _ => *here = wild(noise),
            },
        }
    }
}

fn here_text(raw: &str) -> String {
    raw.to_owned()
}

fn change_raw(raw: String, here: &mut Json, noise: &mut Noise) {
    *here = match (noise.below(5), raw.parse::<i128>()) {
        (0, Ok(number)) => Json::Raw((number + 1).to_string()),
        (1, Ok(number)) => Json::Raw((-number - 1).to_string()),
        (2, Ok(number)) => Json::Raw(number.saturating_mul(1_000_003).to_string()),
        (3, _) => Json::Text(raw),
        _ => wild(noise),
    };
}

fn wild_text(noise: &mut Noise) -> String {
    if noise.once_in(40) {
        return noise.pick(&["x", "é", "\u{1f600}", "\u{301}", "@"]).repeat(LONG_CHARS);
    }
    (*noise.pick(&TEXTS)).to_owned()
}

/// A value that nobody expects.
fn wild(noise: &mut Noise) -> Json {
    match noise.below(40) {
        0 => Json::Raw(format!("{}1{}", "[".repeat(DEEP), "]".repeat(DEEP))),
        1..=14 => Json::Text(wild_text(noise)),
        15 | 16 => Json::List(vec![wild(noise), wild(noise)]),
        17 | 18 => Json::Map(vec![(wild_text(noise), wild(noise))]),
        _ => Json::Raw((*noise.pick(&RAW)).to_owned()),
    }
}

#[test]
fn what_is_not_changed_is_written_as_it_was() {
    let sound = serde_json::json!({ "a": [1, -2.5, "x\"\n", null], "b": { "c": true, "d": [] } });
    let written = Json::from(&sound).write();
    assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), sound);
    let mut whole = Json::from(&sound);
    let count = whole.count();
    assert_eq!(count, 9);
    for place in 0..count {
        drop(whole.at(place).clone());
    }
}

#[test]
fn most_changes_leave_json_and_change_it() {
    let sound = serde_json::json!({ "a": [1, 2, { "b": "c" }], "d": "e", "f": { "g": 7 } });
    let mut noise = Noise::new(0x00C0_FFEE);
    let (mut read, mut same) = (0, 0);
    for _ in 0..1_000 {
        let mut json = Json::from(&sound);
        json.change(&mut noise);
        let back: Result<Value, _> = serde_json::from_str(&json.write());
        read += usize::from(back.is_ok());
        same += usize::from(back.is_ok_and(|back| back == sound));
    }
    assert!((700..1_000).contains(&read), "{read} of 1000 are JSON");
    assert!(same < 100, "{same} of 1000 are unchanged");
}
