// What can be attached in a phone: sample photos, one's own photos, places, a voice message, a video.

import { make } from "./api.js";
import { current, word } from "./words.js";

export function attachments(phone, samples) {
  return [photos(phone, samples.files), own(phone), places(phone, samples.places), others(phone, samples.files)];
}

function section(title, ...children) {
  return make("fieldset", {}, make("legend", {}, title), ...children);
}

function photos(phone, files) {
  const shown = files.filter((file) => ["photo", "document"].includes(file.kind));
  const chosen = new Set();
  const send = (act) => {
    const names = shown.filter((file) => chosen.has(file.name)).map((file) => file.name);
    if (names.length) phone.sendMedia(act, names);
    chosen.clear();
    for (const pick of picks) pick.setAttribute("aria-pressed", "false");
  };
  const picks = shown.map((file) => make("button", {
    type: "button", class: "pick", "aria-pressed": "false", title: file[current()],
    onclick: (event) => {
      const on = !chosen.delete(file.name);
      if (on) chosen.add(file.name);
      event.currentTarget.setAttribute("aria-pressed", String(on));
    },
  }, make("img", { src: `/sandbox/api/samples/${file.name}`, alt: "", width: 96, height: 72, loading: "lazy" }), make("span", {}, file[current()])));
  return section(word("samplePhotos"), make("div", { class: "picks" }, ...picks), make("p", { class: "row" },
    make("button", { type: "button", class: "primary", onclick: () => send("photo") }, word("sendPhotos")),
    make("button", { type: "button", onclick: () => send("document") }, word("sendFiles"))));
}

function own(phone) {
  const label = make("span", {}, word("choose"));
  const input = make("input", { type: "file", multiple: true, accept: "image/*,video/*", "aria-label": word("own"),
    onchange: () => { label.textContent = [...input.files].map((file) => file.name).join(", ") || word("choose"); } });
  const send = (act) => {
    const files = [...input.files];
    if (files.length) phone.sendMedia(act, [], files);
    input.value = "";
    label.textContent = word("choose");
  };
  const guess = () => [...input.files].every((file) => file.type.startsWith("video/")) ? "video" : "photo";
  return section(word("own"), make("label", { class: "file-choice" }, label, input), make("p", { class: "row" },
    make("button", { type: "button", class: "primary", onclick: () => send(guess()) }, word("send")),
    make("button", { type: "button", onclick: () => send("document") }, word("sendFiles"))));
}

function places(phone, known) {
  const live = make("input", { type: "checkbox" });
  const liveLabel = phone.isZalo ? "" : make("label", { class: "check" }, live, ` ${word("live")}`);
  const lat = make("input", { type: "number", step: "any", min: -90, max: 90, value: known[0].lat, "aria-label": word("latitude"), title: word("latitude") });
  const lon = make("input", { type: "number", step: "any", min: -180, max: 180, value: known[0].lon, "aria-label": word("longitude"), title: word("longitude") });
  const send = (place) => {
    phone.toggle(null);
    phone.act({ act: live.checked ? "live_location" : "location", ...place });
  };
  const presets = known.map((place) => make("button", { type: "button", onclick: () => send({ lat: place.lat, lon: place.lon }) }, `📍 ${place[current()]}`));
  const venue = phone.isZalo ? "" : make("button", { type: "button", onclick: () => {
    phone.toggle(null);
    phone.act({ act: "venue", lat: known[0].lat, lon: known[0].lon, title: known[0].vi, address: "Huế" });
  } }, `🏛 ${word("venue")}`);
  return section(word("place"), make("div", { class: "row places" }, ...presets, venue),
    make("p", { class: "row coordinates" }, lat, lon, make("button", { type: "button", onclick: () => send({ lat: Number(lat.value), lon: Number(lon.value) }) }, word("sendPlace"))),
    liveLabel);
}

function others(phone, files) {
  const other = phone.isZalo ? "voice" : "voice-zalo"; // each platform records in its own format
  const kinds = files.filter((file) => ["voice", "video", "sticker"].includes(file.kind) && file.name !== other);
  const signs = { voice: "🎤", video: "🎬", sticker: "🙂" };
  const buttons = kinds.map((file) => make("button", { type: "button", onclick: () => { phone.toggle(null); phone.act({ act: file.kind, samples: [file.name] }); } }, `${signs[file.kind]} ${file[current()]}`));
  buttons.push(make("button", { type: "button", onclick: () => { phone.toggle(null); phone.act({ act: "contact" }); } }, `☎ ${word("contact")}`));
  return section(word("other"), make("div", { class: "row" }, ...buttons));
}
