// What is of Zalo alone: its chats, the window in which an OA may write, and the account's tool in the strip.

import { make, post } from "./api.js";
import { until, word } from "./words.js";

export const BUSY_MS = 900;
const HOUR = 3600 * 1000;
const find = (id) => document.getElementById(id);

// Ids are texts here, since they are too long for numbers; groups have letters in theirs.
export function isZalo(id) {
  return typeof id === "string";
}

export function isGroup(id) {
  return !/^\d+$/.test(id);
}

// A person's phone shows whom it talks with: the OA with its tick. A group shows until when it lives.
export function dressHeader(phone, chat) {
  if (phone.isGroup) return;
  phone.subtitle.replaceChildren(make("span", {}, `Zalo · ${phone.shared.zalo?.name ?? ""}`), make("span", { class: "tick", title: word("verified") }, "✓"));
}

// Instead of, or above, the composer: [words, label, wish, whether one may write all the same].
export function gate(chat) {
  if (chat.type === "group") {
    if (chat.bot_status === "left") return [word("groupGone"), word("acts", "enable_group"), { act: "enable_group" }];
    return chat.alive ? null : [word("groupLapsed"), word("acts", "enable_group"), { act: "enable_group" }];
  }
  if (chat.blocked) return [word("oaBlocked"), word("acts", "unblock_oa"), { act: "unblock" }];
  return chat.follows ? null : [word("oaFollow"), word("acts", "follow"), { act: "follow" }, true];
}

// How long the OA may still write to this person, and at what price.
export function showWindow(phone, state) {
  const chat = phone.chat;
  if (!chat) return;
  const [kind, moment] = chat.type === "group" ? lapse(chat) : opening(chat, state);
  const atEnd = phone.isAtEnd();
  phone.window.hidden = kind === null;
  phone.window.className = `window ${kind}`;
  if (kind) phone.window.textContent = word("windows", kind, { time: moment ? until(moment) : "" });
  if (atEnd) phone.scrollDown();
}

function opening(chat, state) {
  if (!chat.last_at) return ["never", null];
  const last = Date.parse(chat.last_at), now = Date.parse(state.now), windows = state.zalo.windows;
  for (const [kind, hours] of [["free", windows.free_hours], ["billed", windows.last_hours]]) {
    if (now - last <= hours * HOUR) return [kind, last + hours * HOUR];
  }
  return ["closed", null];
}

function lapse(chat) {
  return chat.lapses ? ["lapses", Date.parse(chat.lapses)] : [null, null];
}

// The tool of the strip: webhook, tokens, money; and what people and groups can do that has no place on their phones.
export class Account {
  constructor(shared) {
    this.shared = shared;
    find("zalo-chat").addEventListener("change", () => this.showChat());
  }

  dress() {
    const acts = [["expire", "tokens", { do: "expire" }], ["revoke", "tokens", { do: "revoke" }], ["pair", "tokens", { do: "pair" }], ["webhookOn", "webhook", {}],
      ["buttonsOff", "limits", { buttons: false }], ["buttonsOn", "limits", { buttons: true }]];
    find("zalo-acts").replaceChildren(...acts.map(([label, path, body]) => make("button", { type: "button", onclick: () => this.change(`zalo/${path}`, body) }, word("zaloActs", label))));
    this.shown = "";
    this.chats = "";
  }

  async change(path, body) {
    const answer = await post(path, body);
    find("zalo-pair").hidden = !answer?.access_token;
    if (answer?.access_token) find("zalo-pair").textContent = `access_token: ${answer.access_token}\nrefresh_token: ${answer.refresh_token}`;
    this.shared.look();
  }

  show(state) {
    const zalo = state.zalo;
    find("tool-zalo").classList.toggle("on", !zalo.webhook.on || zalo.tokens.access_seconds === null);
    const lines = [
      ["webhook", zalo.webhook.on ? word("zaloHooked") : word("zaloUnhooked")],
      ["pending", String(zalo.pending)],
      ["tokens", zalo.tokens.access_seconds === null ? word("zaloNoToken") : word("zaloToken", null, { hours: Math.floor(zalo.tokens.access_seconds / 3600), count: zalo.tokens.refreshes })],
      ["quota", word("zaloSpent", null, { count: zalo.quota.count, spent: zalo.quota.spent.toLocaleString("vi-VN") })],
    ];
    const shown = JSON.stringify([lines, zalo.webhook.error]);
    if (shown !== this.shown) {
      this.shown = shown;
      find("zalo-facts").replaceChildren(...lines.flatMap(([key, value]) => [make("dt", {}, word("zaloFacts", key)), make("dd", { id: `zalo-${key}` }, value)]),
        ...(zalo.webhook.error ? [make("dt", {}, ""), make("dd", { class: "quiet" }, zalo.webhook.error)] : []));
    }
    this.showChats();
  }

  showChats() {
    const chats = [...this.shared.chats.values()].filter((chat) => chat.platform === "zalo");
    const shown = JSON.stringify(chats.map((chat) => [chat.id, chat.follows, chat.blocked, chat.asleep, chat.alive, chat.bot_status, chat.members.length]));
    if (shown === this.chats || !chats.length) return;
    this.chats = shown;
    const chosen = find("zalo-chat").value || chats[0].id;
    find("zalo-chat").replaceChildren(...chats.map((chat) => make("option", { value: chat.id, selected: chat.id === chosen }, chat.title)));
    this.showChat();
  }

  showChat() {
    const chat = this.shared.chats.get(find("zalo-chat").value);
    if (!chat) return;
    find("zalo-chat-acts").replaceChildren(...actsOf(chat).map(([label, wish]) => make("button", { type: "button", onclick: () => this.change("act", { chat: chat.id, ...wish }) }, word("acts", label))));
  }
}

function actsOf(chat) {
  if (chat.type === "group") {
    const lives = chat.alive ? ["disable_group", { act: "disable_group" }] : ["enable_group", { act: "enable_group" }];
    return [lives, ["disperse", { act: "disperse" }]];
  }
  return [
    chat.follows ? ["unfollow", { act: "unfollow" }] : ["follow", { act: "follow" }],
    chat.blocked ? ["unblock_oa", { act: "unblock" }] : ["block_oa", { act: "block" }],
    chat.asleep ? ["wake", { act: "wake" }] : ["sleep", { act: "sleep" }],
    ["chat_now", { act: "chat_now" }],
  ];
}
