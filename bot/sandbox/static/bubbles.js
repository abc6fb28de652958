// How messages look: bubbles, albums, places, files, buttons; everything built from data, words made safe by the server.

import { make } from "./api.js";
import { hour, word } from "./words.js";

const COLOURS = 7;
const SERVICE = {
  zalo_joined: (value) => word("joined", null, { name: value }),
  zalo_left: (value) => word("left", null, { name: value }),
  new_chat_members: (value) => word("joined", null, { name: value.map(fullName).join(", ") }),
  left_chat_member: (value) => word("left", null, { name: fullName(value) }),
  migrate_to_chat_id: () => word("migratedTo"),
  migrate_from_chat_id: () => word("migratedFrom"),
  forum_topic_created: (value) => word("topicMade", null, { name: value.name }),
};

export function fullName(user) {
  return [user.first_name, user.last_name].filter(Boolean).join(" ");
}

export function colour(id) {
  const sum = [...String(id)].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return `c${(typeof id === "number" ? Math.abs(id) : sum) % COLOURS}`;
}

// One bubble for a message, or for all messages of an album. `view` knows who looks and what taps do.
export function bubble(messages, view) {
  const first = messages[0];
  if (first.service) return service(first);
  const mine = view.isMine(first);
  const body = make("div", { class: "body" });
  if (view.isGroup && !mine) body.append(sender(first, view));
  if (first.forwarded) body.append(make("p", { class: "forwarded" }, word("forwarded")));
  if (first.reply_to) body.append(quote(first.reply_to, view));
  body.append(...media(messages, view), ...place(first), ...contact(first));
  const told = messages.find((message) => message.html);
  if (told) body.append(text(told));
  if (first.request) body.append(request(first.request, view));
  body.append(foot(messages, view));
  const bare = first.media?.kind === "sticker" ? " bare" : "";
  const bubbleElement = make("div", {
    class: `bubble${mine ? " mine" : ""}${bare}`, tabindex: 0, role: "group",
    "aria-label": `${first.from.name}, ${hour(first.date)}`,
    onclick: (event) => { if (!event.target.closest("button, a, img, video, audio")) view.reply(first); },
    onkeydown: (event) => { if (event.key === "Enter" && event.target === event.currentTarget) view.reply(first); },
  }, body);
  if (first.reaction) bubbleElement.append(make("span", { class: "reaction" }, first.reaction));
  const block = make("div", { class: `block${mine ? " mine" : ""}` }, bubbleElement);
  if (first.buttons.length) (view.isZalo ? bubbleElement : block).append(buttons(first, view));
  return block;
}

function service(message) {
  const tell = SERVICE[message.service.kind];
  return make("p", { class: "service" }, tell ? tell(message.service.value) : message.service.kind);
}

function sender(message, view) {
  const name = make("p", { class: `sender ${colour(message.from.id)}` }, message.anonymous ? word("anonymous") : message.from.name);
  if (message.from.is_bot && !message.anonymous) name.append(make("span", { class: "badge" }, view.isZalo ? "OA" : word("bot")));
  return name;
}

function quote(answered, view) {
  return make("button", { type: "button", class: "quote", onclick: () => view.jump(answered.message_id) },
    make("b", {}, answered.name), make("span", {}, answered.text || word(answered.kind)));
}

function text(message) {
  const element = make("div", { class: "text" });
  element.innerHTML = message.html; // made by the server from text and entities, everything from people escaped
  return element;
}

function media(messages, view) {
  const shown = messages.filter((message) => message.media);
  if (!shown.length) return [];
  if (shown.every((message) => ["photo", "video"].includes(message.media.kind))) {
    const grid = make("div", { class: `pictures n${Math.min(shown.length, 4)}` });
    grid.append(...shown.map((message) => picture(message.media, view)));
    return [grid];
  }
  return shown.map((message) => file(message.media, view));
}

function picture(found, view) {
  if (found.kind === "video") return make("video", { src: found.url, controls: true, preload: "metadata", width: 320, height: 240 });
  return make("button", { type: "button", class: "picture", "aria-label": word("photo"), onclick: () => view.show(found.url) },
    make("img", { src: found.thumb, alt: word("photo"), width: found.width, height: found.height, loading: "lazy" }));
}

function file(found, view) {
  if (found.kind === "voice") return make("audio", { src: found.url, controls: true, preload: "none", "aria-label": word("voice") });
  if (found.kind === "sticker") return make("img", { class: "sticker", src: found.url, alt: word("sticker"), width: 120, height: 120 });
  return make("a", { class: "file", href: found.url, target: "_blank", rel: "noopener" },
    make("span", { class: "file-icon", "aria-hidden": "true" }, "📄"),
    make("span", {}, make("b", {}, found.name || word("document")), make("small", {}, size(found.size))));
}

function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function place(message) {
  const found = message.location;
  if (!found) return [];
  const title = message.venue ? message.venue.title : word(found.live_period ? "liveLocation" : "location");
  const where = `${found.latitude.toFixed(5)}, ${found.longitude.toFixed(5)}`;
  return [make("div", { class: `place${found.live_period ? " live" : ""}` },
    make("div", { class: "map", "aria-hidden": "true" }, make("span", {}, "📍")),
    make("p", {}, make("b", {}, title), make("span", {}, message.venue ? message.venue.address : where)))];
}

function contact(message) {
  const found = message.contact;
  return found ? [make("p", { class: "contact" }, `☎ ${found.first_name} · ${found.phone_number}`)] : [];
}

function foot(messages, view) {
  const first = messages[0];
  const topic = view.topicOf(first);
  return make("p", { class: "foot" },
    topic ? make("span", { class: "topic" }, `# ${topic}`) : null,
    first.pinned ? "📌" : null,
    messages.some((message) => message.edited) ? make("i", {}, word("edited")) : null,
    make("time", { dateTime: first.date }, hour(first.date)));
}

// An OA asks for name and telephone number; giving them is the person's choice.
function request(asked, view) {
  return make("div", { class: "request" }, make("b", {}, asked.title), make("span", {}, asked.subtitle),
    make("button", { type: "button", class: "primary", onclick: () => view.give() }, word("giveInfo")));
}

function buttons(message, view) {
  const rows = message.buttons.map((row) => make("div", { class: "buttons" }, ...row.map((button) => {
    if (button.phone) return make("a", { class: "button", href: `tel:${button.phone}` }, `${button.text} ☎`);
    if (button.url) return make("a", { class: "button", href: button.url, target: "_blank", rel: "noopener noreferrer" }, `${button.text} ↗`);
    return make("button", { type: "button", class: "button", onclick: (event) => view.press(message, button, event.currentTarget) }, button.text);
  })));
  return make("div", { class: "keyboard" }, ...rows);
}
