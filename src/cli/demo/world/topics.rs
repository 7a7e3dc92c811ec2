//! In Focus: the threads that run through the sample news.

use super::types::{Picture, Topic};
use crate::cli::demo::draw::Scene;

const fn picture(scene: Scene, seed: u64, alt: &'static str) -> Picture {
    Picture { scene, seed, alt, caption: "" }
}

pub static TOPICS: &[Topic] = &[
    Topic {
        key: "topic-elling",
        title: "Living with the Elling",
        description: "A river of 340 kilometres runs through half of the country’s towns and most of its arguments. We follow the water from the mountain bogs to the new barrier at its mouth.",
        tags: &["Rivers", "Flood defence", "Water"],
        articles: &["science-tide-model"],
        picture: picture(Scene::Bridge, 31, "A wide river beneath the arches of a stone bridge"),
        pinned: true,
    },
    Topic {
        key: "topic-rails",
        title: "Rails Renewed",
        description: "Night trains, trams and timetables that wait for one another. How a slow network became one that people plan their lives by.",
        tags: &["Railways", "Public transport"],
        articles: &["language-cafe"],
        picture: picture(Scene::Railway, 17, "A train crossing a viaduct above wooded slopes"),
        pinned: true,
    },
    Topic {
        key: "topic-coast",
        title: "A Working Coast",
        description: "Pilots, trawlers, shipwrights and the meadows beneath the keel. Reports from a shore that earns its living.",
        tags: &["Harbours", "Fisheries", "Θάλασσα"],
        articles: &["science-seagrass"],
        picture: picture(Scene::Harbour, 41, "Fishing boats at rest before coloured houses"),
        pinned: true,
    },
    Topic {
        key: "topic-power",
        title: "Light and Power",
        description: "Where the country’s electricity comes from, where it waits, and who is paid for it.",
        tags: &["Renewable energy", "Electricity grid"],
        articles: &["ferries-resume"],
        picture: picture(Scene::Turbines, 13, "Wind turbines above a quiet sea"),
        pinned: false,
    },
    Topic {
        key: "topic-room",
        title: "Room to Live",
        description: "Homes on roofs, streets without owners, bridges without cars. What happens when a city asks its people first.",
        tags: &["Housing", "Cities"],
        articles: &["paper-bridges"],
        picture: picture(Scene::Skyline, 44, "Roofs, domes and spires above a river"),
        pinned: true,
    },
    Topic {
        key: "topic-festivals",
        title: "The Festival Year",
        description: "Lanterns, barges and four hundred actors. The customs of Orvane are younger than they look, and all the livelier for it.",
        tags: &["Festivals", "Music", "Theatre"],
        articles: &["conductor"],
        picture: picture(Scene::Stage, 15, "An orchestra on a lit stage seen from the stalls"),
        pinned: true,
    },
    Topic {
        key: "topic-learning",
        title: "Learning for Life",
        description: "From a school with two buckets in its corridor to a library that stays open at night. Where people learn, and from whom.",
        tags: &["Schools", "Universities", "Libraries"],
        articles: &[],
        picture: picture(Scene::Shelves, 22, "Tall shelves of books with a ladder"),
        pinned: false,
    },
    Topic {
        key: "topic-sky",
        title: "The Night Sky",
        description: "A new telescope on Cold Top looks at the darkness between the galaxies. The village below has turned down its lamps.",
        tags: &["Astronomy"],
        articles: &["science-mathematics"],
        picture: picture(Scene::Night, 19, "Stars and the Milky Way over a dark ridge"),
        pinned: true,
    },
    Topic {
        key: "topic-land",
        title: "What the Land Grows",
        description: "Late apples, patient forests, hungry bees. Farmers and foresters are rewriting the calendar.",
        tags: &["Farming", "Food", "Forests"],
        articles: &["science-peat"],
        picture: picture(Scene::Field, 28, "Furrows leading to a farm on the horizon"),
        pinned: false,
    },
    Topic {
        key: "topic-purse",
        title: "The Household Purse",
        description: "Prices, wages and the public budget, in figures that can be checked and words that can be understood.",
        tags: &["Prices", "Wages", "Budget"],
        articles: &["analysis-housing"],
        picture: picture(Scene::Market, 16, "Market stalls with striped awnings"),
        pinned: false,
    },
    Topic {
        key: "topic-hand",
        title: "Made by Hand",
        description: "Shipwrights, weavers and calligraphers pass on what no manual holds. Some of them have waiting lists.",
        tags: &["Craft", "Small business", "خوشنویسی"],
        articles: &[],
        picture: picture(Scene::Marbled, 5, "A practice sheet with pen strokes on marbled paper"),
        pinned: false,
    },
    Topic {
        key: "topic-fair-play",
        title: "Fair Play",
        description: "Rowers, riders and runners, and the villages that turn out to cheer for them.",
        tags: &["Sport", "Cycling"],
        articles: &["walking-clinic"],
        picture: picture(Scene::Sails, 12, "Sailing boats close together on a bright bay"),
        pinned: false,
    },
];
