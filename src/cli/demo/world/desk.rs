//! What lies on the desk of the newspaper: a story that an editor has to read, one under embargo, one that was
//! withdrawn, a correction, and an edit for tomorrow.

/// A story that is not among `articles`, because readers do not have it.
pub struct Unseen {
    pub key: &'static str,
    /// The slug of its section.
    pub section: &'static str,
    pub kicker: &'static str,
    pub headline: &'static str,
    pub standfirst: &'static str,
    pub byline: &'static str,
    pub dateline: &'static str,
    pub tags: &'static [&'static str],
    pub body: &'static str,
}

/// A passage of an article that is another by now, and what readers are told of it.
pub struct Correction {
    pub article: &'static str,
    pub wrong: &'static str,
    pub right: &'static str,
    pub note: &'static str,
}

/// A standfirst that an article will have.
pub struct Later {
    pub article: &'static str,
    pub standfirst: &'static str,
    pub why: &'static str,
}

/// Its author is done with it.
pub static IN_REVIEW: Unseen = Unseen {
    key: "desk-review",
    section: "society",
    kicker: "Schools",
    headline: "Tolvane’s evening school asks the valley for forty beds before the winter term",
    standfirst: "Pupils from the upper villages miss the last bus three nights a week. Families near the station have offered nineteen rooms so far.",
    byline: "Rosa Ventimilla",
    dateline: "Tolvane",
    tags: &["Schools", "Villages"],
    body: "<p>The last bus to the upper villages leaves Tolvane at ten past nine. The evening school closes at half past. For two winters the difference was bridged by a teacher with a van, and the teacher has retired.</p><p>The school now asks for beds instead. Forty pupils, most of them grown, would stay three nights a week from the first frost until the thaw. Nineteen rooms have been offered within a walk of the station, eleven of them by former pupils.</p><p>The bus company has been asked for a later departure and has promised an answer by the end of the month.</p>",
};

/// Readers have it tomorrow.
pub static EMBARGOED: Unseen = Unseen {
    key: "desk-embargo",
    section: "science",
    kicker: "Sea levels",
    headline: "Survey of the Elling mouth finds the sea bed rising faster than the water",
    standfirst: "Six years of soundings show sand gathering behind the barrier. The authors ask for dredging before the spring tides, not after.",
    byline: "Ines Calloway",
    dateline: "Selmark",
    tags: &["Rivers", "Flood defence"],
    body: "<p>Sand is settling at the mouth of the Elling at four centimetres a year, twice as fast as the sea is rising outside. That is the finding of a survey whose authors had to wait for the gates to be closed once before they could be sure.</p><p>The soundings were made from a flat boat along the same twelve lines, twice a year. Behind the piers the bed has come up by a hand’s breadth since the first pile was driven.</p><p>The authors recommend that the channel be dredged every third autumn. The Ministry of Works has read the paper and will answer when it is out.</p>",
};

/// Readers had it for some hours.
pub static WITHDRAWN: Unseen = Unseen {
    key: "desk-withdrawn",
    section: "economy",
    kicker: "Ferries",
    headline: "Ostrey ferry to double its fares in spring, according to a draft timetable",
    standfirst: "A table that was sent to this newspaper shows new prices for all crossings. The company has since said where it came from.",
    byline: "Tobias Wren",
    dateline: "Port Verrin",
    tags: &["Public transport", "Islands"],
    body: "<p>A draft timetable for the coming spring lists fares at twice their present height. It was sent to this newspaper by a passenger who had found it on the quay.</p>",
};

pub static WITHDRAWN_NOTE: &str = "The table on which this report was built was an exercise of the company’s training school. No fares change.";

pub static CORRECTION: Correction = Correction {
    article: "economy-shipyard",
    wrong: "planted 9,000 trees",
    right: "planted 9,500 trees",
    note: "An earlier version gave the number of trees planted behind Sarrow as 9,000. The forest service counts 9,500.",
};

pub static LATER: Later = Later {
    article: "night-train",
    standfirst: "Sleeping cars run six nights a week from Brannoch to the quay at Port Verrin. The first departure sold out in under four hours.",
    why: "The first train has left by then",
};
