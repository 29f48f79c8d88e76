/** What a recording's page runs. It makes text nodes only, so nothing that was recorded can become an element. */
export const PAGE_SCRIPT = `"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const canvas = document.getElementById("view"), tip = document.getElementById("tip"), legend = document.getElementById("legend");
const LEFT = 240, TOP = 26, LANE = 34, count = data.at.length;
const all = { from: -data.length * 0.01 - 1, to: data.length * 1.01 + 1 };
let from = all.from, to = all.to, scroll = 0, asked = false;
const hidden = new Set();
const dark = matchMedia("(prefers-color-scheme:dark)");
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);
const colour = (name) => { const p = dark.matches ? data.palette.dark : data.palette.light; return p[name % p.length]; };
const time = (ns) => { const a = Math.abs(ns); const [f, u] = a >= 1e9 ? [1e9, "s"] : a >= 1e6 ? [1e6, "ms"] : a >= 1e3 ? [1e3, "us"] : [1, "ns"];
  return Number((ns / f).toPrecision(6)) + " " + u; };
const width = () => canvas.clientWidth - LEFT;
const x = (at) => LEFT + (at - from) / (to - from) * width();
const at = (px) => from + (px - LEFT) / width() * (to - from);
function first(t) { let a = 0, b = count; while (a < b) { const m = (a + b) >> 1; if (data.at[m] < t) a = m + 1; else b = m; } return a; }
function draw() {
  asked = false;
  const ratio = devicePixelRatio || 1, w = canvas.clientWidth;
  const h = Math.min(TOP + data.lanes.length * LANE + 8, Math.max(200, innerHeight - 160));
  canvas.style.height = h + "px"; canvas.width = w * ratio; canvas.height = h * ratio;
  const c = canvas.getContext("2d"); c.scale(ratio, ratio);
  c.fillStyle = style("--page"); c.fillRect(0, 0, w, h);
  c.font = "12px system-ui,sans-serif"; c.textBaseline = "middle";
  const raw = (to - from) / 8, power = 10 ** Math.floor(Math.log10(raw)), step = [1, 2, 5, 10].map((f) => f * power).find((s) => s >= raw);
  c.textAlign = "center";
  for (let t = Math.ceil(from / step) * step; t < to; t += step) {
    c.fillStyle = style("--line"); c.fillRect(x(t), TOP, 1, h); c.fillStyle = style("--quiet"); c.fillText(time(t), x(t), 12);
  }
  const y = (lane) => TOP + lane * LANE - scroll;
  c.save(); c.beginPath(); c.rect(0, TOP, w, h - TOP); c.clip();
  c.globalAlpha = 0.6;
  for (const [lane, name, a, b, depth] of data.spans) {
    if (b < from || a > to || hidden.has(name)) continue;
    const left = Math.max(x(a), LEFT), right = Math.min(x(b), w);
    c.fillStyle = colour(name); c.fillRect(left, y(lane) + 12 - 3 * Math.min(depth, 2), Math.max(right - left, 0.5), 6);
  }
  c.globalAlpha = 1;
  const seen = new Set();
  for (let i = first(from); i < count && data.at[i] <= to; i++) {
    const name = data.name[i]; if (hidden.has(name)) continue;
    const px = Math.round(x(data.at[i])), key = (px * 4096 + data.lane[i]) * 64 + name % 64;
    if (seen.has(key)) continue; seen.add(key);
    c.fillStyle = colour(name); c.fillRect(px, y(data.lane[i]) + 16, 1.5, 12);
  }
  c.textAlign = "right";
  data.lanes.forEach((lane, i) => {
    c.fillStyle = style("--page"); c.fillRect(0, y(i), LEFT, LANE);
    c.fillStyle = style("--text"); c.fillText(lane.name.length > 36 ? lane.name.slice(0, 8) + ".." + lane.name.slice(-26) : lane.name, LEFT - 8, y(i) + 18);
    if (lane.lost !== "0") { c.fillStyle = style("--quiet"); c.fillText(lane.lost + " lost", LEFT - 8, y(i) + 30); }
    c.fillStyle = style("--line"); c.fillRect(LEFT, y(i) + 29, w, 1);
  });
  c.restore();
}
function redraw() { if (!asked) { asked = true; requestAnimationFrame(draw); } }
function zoom(px, factor) {
  const t = at(px), span = Math.min(Math.max((to - from) * factor, 10), all.to - all.from), part = (t - from) / (to - from);
  from = Math.max(all.from, t - part * span); to = Math.min(all.to, from + span); from = to - span; redraw();
}
function move(by) { const span = to - from; from = Math.min(Math.max(all.from, from + by), all.to - span); to = from + span; redraw(); }
function down(by) { const room = TOP + data.lanes.length * LANE + 8 - canvas.clientHeight; scroll = Math.max(0, Math.min(room, scroll + by)); redraw(); }
canvas.addEventListener("wheel", (e) => { e.preventDefault(); if (e.shiftKey) down(e.deltaY || e.deltaX); else zoom(e.offsetX, e.deltaY > 0 ? 1.25 : 0.8); }, { passive: false });
let grabbed = null;
canvas.addEventListener("pointerdown", (e) => { grabbed = [e.offsetX, e.offsetY]; canvas.setPointerCapture(e.pointerId); });
canvas.addEventListener("pointerup", () => { grabbed = null; });
canvas.addEventListener("pointermove", (e) => {
  if (grabbed) { move((grabbed[0] - e.offsetX) / width() * (to - from)); down(grabbed[1] - e.offsetY); grabbed = [e.offsetX, e.offsetY]; return; }
  const lane = Math.floor((e.offsetY - TOP + scroll) / LANE), t = at(e.offsetX), near = 5 * (to - from) / width();
  let best = -1;
  for (let i = first(t - near); i < count && data.at[i] <= t + near; i++)
    if (data.lane[i] === lane && !hidden.has(data.name[i]) && (best < 0 || Math.abs(data.at[i] - t) < Math.abs(data.at[best] - t))) best = i;
  let text = "";
  if (best >= 0) text = data.names[data.name[best]].name + "\\n" + time(data.at[best]) + (data.text[best] ? "\\n" + data.text[best] : "");
  else for (const [l, name, a, b] of data.spans) if (l === lane && a <= t && b >= t && !hidden.has(name)) text = data.names[name].name + "\\ntakes " + time(b - a);
  tip.textContent = text; tip.style.display = text ? "block" : "none";
  tip.style.left = Math.min(e.clientX + 14, innerWidth - 320) + "px"; tip.style.top = e.clientY + 14 + "px";
});
canvas.addEventListener("pointerleave", () => { tip.style.display = "none"; });
addEventListener("keydown", (e) => {
  const middle = LEFT + width() / 2, part = (to - from) / 8;
  if (e.key === "+" || e.key === "=") zoom(middle, 0.7); else if (e.key === "-") zoom(middle, 1.4);
  else if (e.key === "ArrowLeft") move(-part); else if (e.key === "ArrowRight") move(part);
  else if (e.key === "ArrowUp") down(-LANE); else if (e.key === "ArrowDown") down(LANE);
  else if (e.key === "0") { from = all.from; to = all.to; redraw(); } else return;
  if (e.key.startsWith("Arrow")) e.preventDefault();
});
data.names.forEach((one, i) => {
  const button = document.createElement("button"), box = document.createElement("i");
  button.type = "button"; button.setAttribute("aria-pressed", "true");
  const paint = () => { box.style.background = colour(i); }; paint(); dark.addEventListener("change", paint);
  button.append(box, one.name + "  " + one.count.toLocaleString());
  button.addEventListener("click", () => { const off = !hidden.delete(i); if (off) hidden.add(i); button.setAttribute("aria-pressed", String(!off)); redraw(); });
  legend.append(button);
});
dark.addEventListener("change", redraw); addEventListener("resize", redraw); draw();
`;
