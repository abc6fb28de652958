// What the page says, in Vietnamese and English; the bot's own words are not here.

const VI = {
  sandbox: "môi trường thử", tools: "Công cụ", language: "Ngôn ngữ", close: "Đóng",
  guide: "Hướng dẫn", clock: "Đồng hồ", faults: "Sự cố", groups: "Nhóm",
  guideSteps: [
    "Ở điện thoại của Lan, bấm “Bắt đầu”, gửi phản ánh mới, đồng ý, rồi bấm 📎 và gửi ảnh “Đèn đường không sáng”.",
    "Gửi vị trí “Phường An Cựu” trong 📎, chọn lĩnh vực, mô tả vài chữ, xem lại rồi gửi.",
    "Phiếu việc hiện ở nhóm UBND phường An Cựu. Bấm các nút dưới phiếu để nhận việc.",
    "Xong việc: bấm nút trả kết quả, gửi ảnh “Đèn đã sửa (sau)” và xác nhận.",
    "Lan nhận được kết quả và đánh giá. Muốn thử hạn xử lý, tăng đồng hồ thêm một ngày.",
    "Nam làm y như vậy trên Zalo với vị trí “Trung tâm Huế”: việc đến nhóm Zalo của phường Thuận Hóa, nơi cán bộ trả lời bằng mã và số.",
  ],
  guideTap: "Bấm vào một tin nhắn để trả lời tin đó.",
  clockHelp: "Mọi phần của chương trình thử đều theo đồng hồ này. Chỉ đi tới, không lùi.",
  clockAhead: "Nhanh hơn giờ thật: {time}", clockReal: "Đang chạy đúng giờ thật.",
  hour: "+1 giờ", day: "+1 ngày", days3: "+3 ngày", dayUnit: "ngày", hourUnit: "giờ", minuteUnit: "phút",
  faultsHelp: "Làm cho đường truyền giữa chương trình và nền tảng gặp sự cố.",
  faultKind: "Sự cố", faultMethod: "Áp dụng cho", faultChance: "Xác suất (%)", faultTimes: "Số lần",
  faultAfter: "sau khi đã thực hiện", faultOn: "Bật", faultsOff: "Tắt hết", faultOff: "Tắt", everything: "tất cả",
  kinds: { slow: "Chậm", 429: "Quá nhiều (429, -32)", 500: "Lỗi máy chủ (500)", drop: "Ngắt kết nối", duplicate: "Gửi trùng", reorder: "Đảo thứ tự", html: "Trang HTML thay JSON", code: "Mã lỗi Zalo", forge: "Chữ ký sai" },
  values: { slow: "Mili giây", 429: "Chờ (giây)", duplicate: "Số bản", reorder: "Giữ lại (ms)", code: "Mã lỗi" },
  group: "Nhóm", member: "Người", botStatus: "Bot: {status}",
  statuses: { member: "thành viên", administrator: "quản trị viên", left: "không ở trong nhóm", kicked: "đã bị xóa khỏi nhóm", creator: "trưởng nhóm" },
  acts: { remove_bot: "Xóa bot", add_bot: "Thêm bot", promote_bot: "Cho bot làm quản trị", demote_bot: "Bỏ quyền của bot", upgrade: "Nâng lên siêu nhóm", topics_on: "Bật chủ đề", topics_off: "Tắt chủ đề", join: "Thêm vào nhóm", kick: "Xóa khỏi nhóm", anonymous: "Ẩn danh", named: "Thôi ẩn danh", block: "Chặn bot", unblock: "Bỏ chặn bot", follow: "Quan tâm", unfollow: "Bỏ quan tâm", block_oa: "Tắt nhận tin", unblock_oa: "Nhận tin lại", sleep: "Bỏ Zalo 45 ngày", wake: "Dùng Zalo lại", chat_now: "Bấm “Nhắn tin”", disable_group: "Nhóm hết hạn", enable_group: "Gia hạn nhóm", disperse: "Giải tán nhóm" },
  verified: "OA đã xác thực", giveInfo: "Chia sẻ thông tin", emptyZalo: "Bấm “Quan tâm” để bắt đầu trò chuyện với OA.",
  oaFollow: "Quan tâm OA để nhận tin.", oaBlocked: "Bạn đã tắt nhận tin của OA.", groupLapsed: "Nhóm đã hết hạn: OA không gửi được tin.", groupGone: "Nhóm đã giải tán.",
  windows: { never: "OA chưa được nhắn trước", free: "Nhắn miễn phí đến {time}", billed: "Nhắn có phí đến {time}", closed: "OA không nhắn được nữa (quá 7 ngày)", lapses: "Nhóm còn hạn đến {time}" },
  zaloAccount: "Tài khoản Zalo OA", zaloChat: "Người hoặc nhóm", zaloHooked: "đang bật", zaloUnhooked: "đã bị tắt", zaloNoToken: "không còn mã nào dùng được",
  zaloToken: "còn {hours} giờ, đã đổi {count} lần", zaloSpent: "{count} tin có phí tháng này, {spent} đ tất cả",
  zaloFacts: { webhook: "Webhook", pending: "Chờ gửi", tokens: "Mã truy cập", quota: "Đã dùng" },
  zaloActs: { expire: "Làm hết hạn mã", revoke: "Thu hồi quyền", pair: "Cấp cặp mã khác", webhookOn: "Bật lại webhook", buttonsOff: "Không nhận nút", buttonsOn: "Nhận nút" },
  citizen: "Người dân · Telegram", members: "{count} thành viên", topics: "chủ đề", typing: "đang soạn…", actAs: "Bạn là",
  you: "bạn", anonymous: "ẩn danh", bot: "bot", start: "Bắt đầu", botGone: "Bot không còn ở trong nhóm này.", botBlocked: "Bạn đã chặn bot.",
  write: "Tin nhắn", send: "Gửi", attach: "Đính kèm", commands: "Lệnh", cancelReply: "Thôi trả lời", reply: "Trả lời", newer: "Tin mới",
  samplePhotos: "Ảnh mẫu", sendPhotos: "Gửi ảnh", sendFiles: "Gửi dạng tệp", own: "Ảnh của mình", choose: "Chọn ảnh, video…", place: "Vị trí", other: "Khác",
  latitude: "Vĩ độ", longitude: "Kinh độ", live: "trực tiếp", sendPlace: "Gửi vị trí", contact: "Số điện thoại", venue: "Địa điểm có tên",
  edited: "đã sửa", deleted: "đã xóa", photo: "Ảnh", video: "Video", document: "Tệp", voice: "Tin thoại", sticker: "Nhãn dán", liveLocation: "Vị trí trực tiếp", location: "Vị trí", forwarded: "Chuyển tiếp",
  allTopics: "Tất cả", general: "Chung", empty: "Chưa có tin nhắn.", emptyPrivate: "Bấm “Bắt đầu” để trò chuyện với bot.",
  joined: "{name} vào nhóm", left: "{name} rời nhóm", migratedTo: "Nhóm được nâng thành siêu nhóm", migratedFrom: "Siêu nhóm bắt đầu từ đây", topicMade: "Chủ đề mới: {name}",
  today: "Hôm nay", listening: "bot đang nghe", waiting: "{count} tin chờ bot", offline: "Mất kết nối, đang thử lại…", ok: "OK",
};

const EN = {
  sandbox: "sandbox", tools: "Tools", language: "Language", close: "Close",
  guide: "Guide", clock: "Clock", faults: "Faults", groups: "Groups",
  guideSteps: [
    "On Lan's phone press “Start”, begin a new report, agree, then press 📎 and send the photo “Street lamp is dark”.",
    "Send the place “An Cuu ward” from 📎, choose a category, describe it in a few words, review and send.",
    "The card appears in the group UBND phường An Cựu. Press the buttons under it to take the case.",
    "When done: press the result button, send the photo “Lamp mended (after)” and confirm.",
    "Lan is told the result and rates it. To try deadlines, move the clock on by a day.",
    "Nam does the same on Zalo with the place “Centre of Hue”: the case goes to the Zalo group of Thuận Hóa ward, where officers answer with code and number.",
  ],
  guideTap: "Tap a message to reply to it.",
  clockHelp: "Every part of the program under trial follows this clock. It only goes forward.",
  clockAhead: "Ahead of real time: {time}", clockReal: "Running at real time.",
  hour: "+1 hour", day: "+1 day", days3: "+3 days", dayUnit: "d", hourUnit: "h", minuteUnit: "min",
  faultsHelp: "Make things go wrong on the wire between the program and the platform.",
  faultKind: "Fault", faultMethod: "Applies to", faultChance: "Chance (%)", faultTimes: "Times",
  faultAfter: "after the work is done", faultOn: "Switch on", faultsOff: "All off", faultOff: "Off", everything: "everything",
  kinds: { slow: "Slow", 429: "Too many (429, -32)", 500: "Server error (500)", drop: "Drop connection", duplicate: "Deliver twice", reorder: "Out of order", html: "HTML page, no JSON", code: "Error code of Zalo", forge: "Wrong signature" },
  values: { slow: "Milliseconds", 429: "Wait (seconds)", duplicate: "Copies", reorder: "Hold back (ms)", code: "Error code" },
  group: "Group", member: "Person", botStatus: "Bot: {status}",
  statuses: { member: "member", administrator: "administrator", left: "not in the group", kicked: "removed from the group", creator: "owner" },
  acts: { remove_bot: "Remove bot", add_bot: "Add bot", promote_bot: "Make bot admin", demote_bot: "Demote bot", upgrade: "Upgrade to supergroup", topics_on: "Topics on", topics_off: "Topics off", join: "Add to group", kick: "Remove from group", anonymous: "Make anonymous", named: "Stop being anonymous", block: "Block bot", unblock: "Unblock bot", follow: "Follow", unfollow: "Unfollow", block_oa: "Refuse messages", unblock_oa: "Take messages again", sleep: "Leave Zalo for 45 days", wake: "Use Zalo again", chat_now: "Tap “Message”", disable_group: "Let the group lapse", enable_group: "Renew the group", disperse: "Dissolve the group" },
  verified: "Verified OA", giveInfo: "Share details", emptyZalo: "Press “Follow” to talk to the OA.",
  oaFollow: "Follow the OA to hear from it.", oaBlocked: "You refuse the OA's messages.", groupLapsed: "The group has lapsed: the OA cannot write here.", groupGone: "The group was dissolved.",
  windows: { never: "The OA may not write first", free: "Free to write until {time}", billed: "Paid to write until {time}", closed: "The OA can no longer write (over 7 days)", lapses: "The group lives until {time}" },
  zaloAccount: "Zalo OA account", zaloChat: "Person or group", zaloHooked: "on", zaloUnhooked: "was turned off", zaloNoToken: "no token works any more",
  zaloToken: "{hours} h left, renewed {count} times", zaloSpent: "{count} paid messages this month, {spent} VND in all",
  zaloFacts: { webhook: "Webhook", pending: "Waiting", tokens: "Access token", quota: "Used" },
  zaloActs: { expire: "Let token expire", revoke: "Revoke permission", pair: "Issue another pair", webhookOn: "Webhook on again", buttonsOff: "Refuse buttons", buttonsOn: "Take buttons" },
  citizen: "Citizen · Telegram", members: "{count} members", topics: "topics", typing: "typing…", actAs: "You act as",
  you: "you", anonymous: "anonymous", bot: "bot", start: "Start", botGone: "The bot is no longer in this group.", botBlocked: "You blocked the bot.",
  write: "Message", send: "Send", attach: "Attach", commands: "Commands", cancelReply: "Stop replying", reply: "Reply", newer: "Newest",
  samplePhotos: "Sample photos", sendPhotos: "Send as photo", sendFiles: "Send as file", own: "Your own photo", choose: "Choose photos, videos…", place: "Place", other: "Other",
  latitude: "Latitude", longitude: "Longitude", live: "live", sendPlace: "Send place", contact: "Phone number", venue: "Named place",
  edited: "edited", deleted: "deleted", photo: "Photo", video: "Video", document: "File", voice: "Voice message", sticker: "Sticker", liveLocation: "Live location", location: "Location", forwarded: "Forwarded",
  allTopics: "All", general: "General", empty: "No messages yet.", emptyPrivate: "Press “Start” to talk to the bot.",
  joined: "{name} joined", left: "{name} left", migratedTo: "The group was upgraded to a supergroup", migratedFrom: "The supergroup begins here", topicMade: "New topic: {name}",
  today: "Today", listening: "bot is listening", waiting: "{count} waiting for the bot", offline: "Connection lost, trying again…", ok: "OK",
};

const CATALOGUES = { vi: VI, en: EN };
const KEPT = "sandbox-language";
let language = localStorage.getItem(KEPT) in CATALOGUES ? localStorage.getItem(KEPT) : "vi";

export function current() {
  return language;
}

export function choose(wanted) {
  language = wanted;
  localStorage.setItem(KEPT, wanted);
}

// One word, or a word of a table (`word("acts", "join")`), with its places filled.
export function word(key, part = null, values = {}) {
  const found = part === null ? CATALOGUES[language][key] : CATALOGUES[language][key][part];
  return typeof found === "string" ? found.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "") : found ?? "";
}

// Put words into everything under `root` that names one.
export function dress(root) {
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
}

const ZONE = "Asia/Ho_Chi_Minh";

export function hour(iso) {
  return new Intl.DateTimeFormat("vi-VN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" }).format(new Date(iso));
}

export function day(iso) {
  const style = { timeZone: ZONE, weekday: "long", day: "numeric", month: "numeric" };
  return new Intl.DateTimeFormat(language === "vi" ? "vi-VN" : "en-GB", style).format(new Date(iso));
}

export function until(milliseconds) {
  const style = { timeZone: ZONE, day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat(language === "vi" ? "vi-VN" : "en-GB", style).format(new Date(milliseconds));
}

export function moment(iso) {
  const style = { timeZone: ZONE, weekday: "short", day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit" };
  return new Intl.DateTimeFormat(language === "vi" ? "vi-VN" : "en-GB", style).format(new Date(iso));
}
