//! Galleries and the editor's choice of the sample news.

use super::types::{FilmGallery, PhotoGallery, Picture};
use crate::cli::demo::draw::Scene;

/// Keys of articles, the first on top.
pub static EDITORS_CHOICE: &[&str] = &[
    "orchestra-barge",
    "paper-commons",
    "science-observatory",
    "analysis-flood-plan",
    "school-kitchen",
    "harbourmaster",
];

pub static PHOTO_GALLERIES: &[PhotoGallery] = &[
    PhotoGallery {
        key: "gallery-river",
        title: "From the source to the sea: seven stations along the Elling",
        description: "Three hundred and forty kilometres in seven drawings, from the snows of the Sorrel Range to the harbour of Selmark.",
        hours_ago: 13,
        pictures: &[
            Picture {
                scene: Scene::Mountains,
                seed: 14,
                alt: "Snowy peaks above a still lake",
                caption: "The Elling rises from a tarn in the Sorrel Range, at 1,940 metres.",
            },
            Picture {
                scene: Scene::Forest,
                seed: 11,
                alt: "Morning light between tall trunks",
                caption: "For its first twenty kilometres it runs through woods and has no bridge.",
            },
            Picture {
                scene: Scene::Hills,
                seed: 26,
                alt: "Rolling hills with a lonely farm",
                caption: "Below Quillon the valley opens, and the first pastures come down to the bank.",
            },
            Picture {
                scene: Scene::Railway,
                seed: 23,
                alt: "A train on a viaduct",
                caption: "The Lannow viaduct: nineteen arches, and a train every half hour.",
            },
            Picture {
                scene: Scene::Field,
                seed: 33,
                alt: "A striped field under a high sky",
                caption: "Near Dunmarrow the river is lent the meadows whenever it needs them.",
            },
            Picture {
                scene: Scene::Bridge,
                seed: 40,
                alt: "Lamps on an old arched bridge",
                caption: "The Old Mint Bridge at Selmark, open again to walkers.",
            },
            Picture {
                scene: Scene::Harbour,
                seed: 52,
                alt: "Boats in an inner harbour",
                caption: "The last quay before the barrier. From here the water is salt.",
            },
        ],
    },
    PhotoGallery {
        key: "gallery-evening",
        title: "The hour of the lamps: an evening in Orvane",
        description: "Between sunset and night our illustrators went round the country and drew what they saw when the lights came on.",
        hours_ago: 58,
        pictures: &[
            Picture {
                scene: Scene::Skyline,
                seed: 52,
                alt: "A city with lit windows above a river",
                caption: "Selmark, ten minutes after sunset.",
            },
            Picture {
                scene: Scene::Coast,
                seed: 44,
                alt: "A lighthouse burning on a headland",
                caption: "The keeper of Aldery Point lights up by hand on holidays.",
            },
            Picture {
                scene: Scene::Market,
                seed: 30,
                alt: "Stalls and bunting in a square",
                caption: "Evening market at Hethwick, the last before the wool auction.",
            },
            Picture {
                scene: Scene::Stage,
                seed: 21,
                alt: "An orchestra before a full house",
                caption: "Curtain up at Tolvane.",
            },
            Picture {
                scene: Scene::Shelves,
                seed: 31,
                alt: "Bookshelves in lamplight",
                caption: "The library in Tanner’s Yard stays open until midnight.",
            },
            Picture {
                scene: Scene::Turbines,
                seed: 25,
                alt: "Turbines against a fading sky",
                caption: "The wind freshens off Aldery Point as the land cools.",
            },
            Picture {
                scene: Scene::Night,
                seed: 36,
                alt: "The Milky Way above two domes",
                caption: "Cold Top, three in the morning: no lamp in sight.",
            },
        ],
    },
];

pub static FILM: FilmGallery = FilmGallery {
    key: "film-harbour",
    title: "Seven seconds of evening: boats come home to Selmark",
    description: "The fleet crosses the bay while the sun goes down behind the hills and the windows light up along the quay.",
    hours_ago: 21,
    poster: Picture {
        scene: Scene::Sails,
        seed: 34,
        alt: "Sailing boats on a bay in evening light",
        caption: "",
    },
};
