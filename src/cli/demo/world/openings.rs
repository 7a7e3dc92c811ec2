//! What opens the pages of some topics: where to begin, and the days on which things turned.

pub struct Opening {
    /// The key of a topic.
    pub topic: &'static str,
    /// A name and the key of an article.
    pub links: &'static [(&'static str, &'static str)],
    pub dates: &'static [KeyDate],
    /// Keys of articles that stand on top.
    pub top: &'static [&'static str],
}

pub struct KeyDate {
    /// As `2025-01-22`.
    pub day: &'static str,
    pub text: &'static str,
    /// The key of an article.
    pub article: Option<&'static str>,
}

const fn date(day: &'static str, text: &'static str, article: Option<&'static str>) -> KeyDate {
    KeyDate { day, text, article }
}

pub static OPENINGS: &[Opening] = &[
    Opening {
        topic: "topic-elling",
        links: &[
            ("What a barrier can do, and what it cannot", "analysis-flood-plan"),
            ("How the water is measured", "paper-water"),
            ("What the water costs", "analysis-water-price"),
        ],
        dates: &[
            date("1954-02-11", "The winter flood stands four days in the lower town of Selmark.", None),
            date(
                "1987-06-02",
                "The first gauges report the level of the Elling by telephone.",
                Some("paper-water"),
            ),
            date(
                "2009-09-30",
                "Eleven towns agree on one plan for the whole river.",
                Some("analysis-flood-plan"),
            ),
            date("2019-04-15", "The first pile of the barrier is driven at the mouth.", None),
            date("2031-05-01", "The meadows above Hethwick are to be opened to the water.", None),
        ],
        top: &["elling-barrier"],
    },
    Opening {
        topic: "topic-rails",
        links: &[
            ("Why trains should wait for one another", "analysis-timetable"),
            ("A night aboard", "night-train"),
        ],
        dates: &[
            date("1994-05-28", "The last sleeping car leaves for the Ostrey ferry.", None),
            date("2016-12-11", "Trains, trams and boats share one timetable.", Some("analysis-timetable")),
            date("2023-08-20", "The line to the ferry is rebuilt for night trains.", None),
        ],
        top: &[],
    },
    Opening {
        topic: "topic-coast",
        links: &[
            ("A harbourmaster looks back", "harbourmaster"),
            ("The meadows beneath the keel", "science-seagrass"),
            ("The last wooden shipyard", "economy-shipyard"),
        ],
        dates: &[
            date("1972-03-01", "The herring stay away for the first time.", None),
            date("2004-07-18", "Half of Sarrow bay is closed to anchors.", Some("science-seagrass")),
            date("2021-10-04", "The first electric boat is tied up at Port Verrin.", Some("pilot-boats")),
        ],
        top: &[],
    },
];
