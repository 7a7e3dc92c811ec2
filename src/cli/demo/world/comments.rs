//! What readers said below some articles beyond the first remarks, so that the desk has something in each of its lists:
//! answers, waiting ones with what speaks against them, rejected ones with their reason, and spam.

use crate::news::comment::State;

/// A comment, and the answers to it.
pub struct Said {
    pub name: &'static str,
    pub body: &'static str,
    pub state: State,
    /// As `comments.marks`.
    pub marks: &'static [&'static str],
    /// Of a rejection.
    pub reason: &'static str,
    /// Two that write from the same address have the same one here; nobody's when it is empty.
    pub email: &'static str,
    pub newsroom: bool,
    pub answers: &'static [Said],
}

const SAID: Said = Said {
    name: "",
    body: "",
    state: State::Approved,
    marks: &[],
    reason: "",
    email: "",
    newsroom: false,
    answers: &[],
};

/// By the key of their article.
pub static SAID_BELOW: &[(&str, &[Said])] = &[
    (
        "elling-barrier",
        &[
            Said {
                name: "Jonna Vey",
                body: "The gates held. What about the pumps behind them? Last winter two of five were out of order.",
                email: "jonna@reader.example",
                answers: &[
                    Said {
                        name: "Broadsheet",
                        body: "We asked the water board: all five ran last night. The list of their inspections is in our article on the flood plan.",
                        newsroom: true,
                        answers: &[Said {
                            name: "Jonna Vey",
                            body: "Thank you, that was quick.",
                            email: "jonna@reader.example",
                            ..SAID
                        }],
                        ..SAID
                    },
                    Said {
                        name: "Corin",
                        body: "Four of five at eleven, five at midnight. I live beside them.",
                        email: "corin@reader.example",
                        ..SAID
                    },
                ],
                ..SAID
            },
            Said {
                name: "Jonna Vey",
                body: "The inspections are also here, for whoever wants to read them: https://waterboard.example/inspections",
                state: State::Pending,
                marks: &["link"],
                email: "jonna@reader.example",
                ..SAID
            },
            Said {
                name: "Gate watcher",
                body: "It was a miracle that anything closed at all.",
                state: State::Pending,
                marks: &["first", "suspect: miracle"],
                email: "watcher@reader.example",
                ..SAID
            },
        ],
    ),
    (
        "night-train",
        &[
            Said {
                name: "Ilse",
                body: "Is there a carriage without steps? My father would love to go.",
                answers: &[Said {
                    name: "Hal Dunmore",
                    body: "The second one from the front, according to the railway’s leaflet.",
                    ..SAID
                }],
                ..SAID
            },
            Said {
                name: "Sunniva",
                body: "Whoever decided on the timetable has never had to be at work in the morning.",
                state: State::Rejected,
                reason: "It was said already.",
                email: "sunniva@reader.example",
                ..SAID
            },
            Said {
                name: "Sleepwell",
                body: "Best mattresses for night trains, half price this week only, see www.sleepwell.example",
                state: State::Spam,
                marks: &["unsigned", "link", "first", "banned word: half price"],
                ..SAID
            },
        ],
    ),
    (
        "budget-vote",
        &[
            Said {
                name: "M. Hollis",
                body: "Nineteen hours of debate, and not one of them about the ferries.",
                state: State::Pending,
                marks: &["first", "quick"],
                email: "hollis@reader.example",
                ..SAID
            },
            Said {
                name: "Corin",
                body: "The member for Tolvane lives in the third house on our street and should be ashamed.",
                state: State::Rejected,
                reason: "It tells private things about somebody.",
                email: "corin@reader.example",
                ..SAID
            },
        ],
    ),
    (
        "calligraphy-fa",
        &[Said {
            name: "مهتاب",
            body: "چه گزارش زیبایی. کاش نشانی کارگاه را هم می‌نوشتید.",
            answers: &[Said {
                name: "نسترن", body: "در خیابان اسکله است، کنار کتابخانه.", ..SAID
            }],
            ..SAID
        }],
    ),
];

/// What the lists of words begin with, so that their screen shows how they are written.
pub static SUSPECT: &[&str] = &["miracle", "shame*", "قمار"];
pub static BANNED: &[&str] = &["half price", "casino*", "时时彩"];
