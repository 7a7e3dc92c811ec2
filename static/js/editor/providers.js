// Whose films and sounds an embed may show. The hosts are those that the site's policy lets into a frame
// (src/text/embed.rs); a test holds the two lists together.

export const PROVIDERS = {
  youtube: {
    name: "YouTube",
    host: "www.youtube-nocookie.com",
    id: (url) => {
      if (url.hostname === "youtu.be") return url.pathname.slice(1);
      if (!/^(www\.|m\.|music\.)?youtube(-nocookie)?\.com$/.test(url.hostname)) return null;
      return url.searchParams.get("v") ?? url.pathname.match(/^\/(?:embed|shorts|live|v)\/([^/]+)/)?.[1];
    },
    valid: /^[\w-]{6,20}$/,
    href: (id) => `https://www.youtube.com/watch?v=${id}`,
    frame: (id) => `https://www.youtube-nocookie.com/embed/${id}?autoplay=1`,
  },
  vimeo: {
    name: "Vimeo",
    host: "player.vimeo.com",
    id: (url) => /^(www\.|player\.)?vimeo\.com$/.test(url.hostname) && url.pathname.match(/\/(\d+)(?:$|\/)/)?.[1],
    valid: /^\d{5,12}$/,
    href: (id) => `https://vimeo.com/${id}`,
    frame: (id) => `https://player.vimeo.com/video/${id}?dnt=1&autoplay=1`,
  },
  dailymotion: {
    name: "Dailymotion",
    host: "geo.dailymotion.com",
    id: (url) => {
      if (url.hostname === "dai.ly") return url.pathname.slice(1);
      if (!/^(www\.|geo\.)?dailymotion\.com$/.test(url.hostname)) return null;
      return url.searchParams.get("video") ?? url.pathname.match(/\/video\/([^/_]+)/)?.[1];
    },
    valid: /^[a-zA-Z0-9]{5,20}$/,
    href: (id) => `https://www.dailymotion.com/video/${id}`,
    frame: (id) => `https://geo.dailymotion.com/player.html?video=${id}`,
  },
  soundcloud: {
    name: "SoundCloud",
    host: "w.soundcloud.com",
    id: (url) => /^(www\.|m\.)?soundcloud\.com$/.test(url.hostname) && url.pathname.slice(1).replace(/\/$/, ""),
    valid: /^[\w-]+(\/[\w-]+){1,3}$/,
    href: (id) => `https://soundcloud.com/${id}`,
    frame: (id) => `https://w.soundcloud.com/player/?url=${encodeURIComponent(`https://soundcloud.com/${id}`)}`,
    low: true,
  },
  spotify: {
    name: "Spotify",
    host: "open.spotify.com",
    id: (url) => url.hostname === "open.spotify.com" && url.pathname.match(/\/((?:track|album|episode|show|playlist)\/\w+)$/)?.[1],
    valid: /^[a-z]+\/\w{10,40}$/,
    href: (id) => `https://open.spotify.com/${id}`,
    frame: (id) => `https://open.spotify.com/embed/${id}`,
    low: true,
  },
};

// What an address leads to, or null: `{ key, provider, id }`.
export function recognised(address) {
  let url;
  try {
    url = new URL(address, "https://nowhere.invalid");
  } catch {
    return null;
  }
  if (!/^https?:$/.test(url.protocol)) return null;
  for (const [key, provider] of Object.entries(PROVIDERS)) {
    const id = provider.id(url);
    if (id && provider.valid.test(id)) return { key, provider, id };
  }
  return null;
}
