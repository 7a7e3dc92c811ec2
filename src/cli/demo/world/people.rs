//! Who writes for the sample newspaper.

use super::types::Author;

pub static AUTHORS: &[Author] = &[
    Author {
        name: "Ines Calloway",
        bio: "Ines Calloway reports from the Assembly and the streets around it. She came to the capital from the islands and still keeps a boat there.",
    },
    Author {
        name: "Tobias Wren",
        bio: "Tobias Wren writes about cities, trams and trains. He owns no car and eleven timetables.",
    },
    Author {
        name: "Maren Oldfield",
        bio: "Maren Oldfield is economics editor. She studied statistics at Brannoch and likes a number that can be explained at table.",
    },
    Author {
        name: "Daniel Achterby",
        bio: "Daniel Achterby covers the coast from an office above the ferry quay at Port Verrin, where the weather can be seen coming.",
    },
    Author {
        name: "Leila Farahmand",
        bio: "Leila Farahmand is culture editor. She writes on music, theatre and museums, and chairs the jury of the Tolvane festival.",
    },
    Author {
        name: "Petra Lindmoor",
        bio: "Petra Lindmoor is science correspondent. Before that she measured glaciers in the Sorrel Range for six summers.",
    },
    Author {
        name: "Samuel Okeda",
        bio: "Samuel Okeda writes about how people live: housing, villages, work and the time after work.",
    },
    Author {
        name: "Rosa Ventimilla",
        bio: "Rosa Ventimilla reports on sport, most gladly where it gets muddy. She has rowed the Long Reach twice, slowly.",
    },
    Author {
        name: "Hana Morivale",
        bio: "Hana Morivale covers schools and health. She was a teacher in Lannow for nine years.",
    },
    Author {
        name: "Yannis Kellaris",
        bio: "Yannis Kellaris writes from the south about farming, crafts and the sea, and edits the food pages.",
    },
    Author {
        name: "Clement Dray",
        bio: "Clement Dray conducts the long interviews. He brings no recorder, only a notebook with squared paper.",
    },
    Author {
        name: "Arthur Penhallis",
        bio: "Arthur Penhallis is an essayist. His subjects are bridges, commons, benches and other things that belong to everyone.",
    },
    Author {
        name: "نرگس بهاران",
        bio: "نرگس بهاران از سلمارک به فارسی دربارهٔ کتاب، هنر و زندگی محله‌ها می‌نویسد.",
    },
];
