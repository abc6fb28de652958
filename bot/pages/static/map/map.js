// The map: a pin that is tapped, dragged, moved by keys, or put where the device is; what it lies in is asked of us.
(() => {
  "use strict";
  const root = document.documentElement;
  const page = document.getElementById("page");
  if (!window.L || !page) return; // the form with an address works without

  const words = JSON.parse(page.dataset.words);
  const form = document.getElementById("form");
  const lat = form.elements.lat, lon = form.elements.lon, address = form.elements.address;
  const send = document.getElementById("send");
  const spot = document.getElementById("spot");
  const accuracy = document.getElementById("accuracy");
  const STEP = 8, LEAP = 60; // pixels that a key moves the pin, and with shift
  const CLOSE = page.dataset.tiles ? 17 : 13; // outlines alone tell nothing where none of them is in sight
  root.classList.add("js");

  const map = L.map("map", { zoomControl: false, minZoom: 4, maxZoom: 19, zoomSnap: 0.5 }).setView([16, 107], 5);
  map.attributionControl.setPrefix("Leaflet");
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (page.dataset.tiles) {
    root.classList.add("tiled");
    const credit = document.createElement("span");
    credit.textContent = page.dataset.attribution;
    L.tileLayer(page.dataset.tiles, { attribution: credit.innerHTML, maxZoom: 19 }).addTo(map);
  }
  const frame = map.getContainer();
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", words.map_label);

  // --- the areas we serve -----------------------------------------------------------------------------------------

  const areas = L.geoJSON(null, {
    interactive: false,
    style: () => ({ className: "area" }),
    onEachFeature: (feature, layer) => {
      const name = feature.properties[root.lang] || feature.properties.vi;
      layer.bindTooltip(escaped(name), { permanent: true, direction: "center", className: "name", interactive: false });
    },
  }).addTo(map);

  function escaped(text) {
    const span = document.createElement("span");
    span.textContent = text;
    return span;
  }

  /* Names only where there is room for them. */
  function showNames() {
    areas.eachLayer((layer) => {
      const box = layer.getBounds();
      const from = map.latLngToLayerPoint(box.getSouthWest()), to = map.latLngToLayerPoint(box.getNorthEast());
      const name = layer.getTooltip().getContent().textContent;
      const fits = to.x - from.x > name.length * 7 && from.y - to.y > 26;
      if (fits) layer.openTooltip(); else layer.closeTooltip();
    });
  }

  fetch(page.dataset.areas).then((answer) => answer.json()).then((outlines) => {
    areas.addData(outlines);
    const box = areas.getBounds();
    if (box.isValid() && !pin) map.fitBounds(box, { padding: [8, 8], animate: false });
    showNames();
    map.on("zoomend", showNames);
    frame.dataset.areas = outlines.features.length;
  }).catch(() => {}); // a pin can be dropped without them

  // --- the pin ----------------------------------------------------------------------------------------------------

  let pin = null, circle = null, asking = null, waiting = 0;

  function put(where, moved) {
    const at = where.wrap();
    if (!pin) {
      pin = L.marker(at, {
        draggable: true, autoPan: true, keyboard: true, riseOnHover: true,
        icon: L.divIcon({ className: "pin", iconSize: [40, 48], iconAnchor: [20, 46] }),
      }).addTo(map);
      const handle = pin.getElement();
      handle.setAttribute("aria-label", words.pin_label);
      handle.addEventListener("keydown", byKey);
      pin.on("dragend", () => put(pin.getLatLng(), true));
    }
    pin.setLatLng(at);
    if (moved) forget();
    lat.value = at.lat.toFixed(6);
    lon.value = at.lng.toFixed(6);
    ready();
    ask();
  }

  function byKey(event) {
    const ways = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? LEAP : STEP;
    const point = map.latLngToContainerPoint(pin.getLatLng()).add([way[0] * step, way[1] * step]);
    put(map.containerPointToLatLng(point), true);
    map.panInside(pin.getLatLng(), { padding: [50, 60] });
  }

  map.on("click", (event) => put(event.latlng, true));
  frame.addEventListener("keydown", (event) => {
    if (event.target === frame && event.key === "Enter") {
      event.preventDefault();
      put(map.getCenter(), true);
    }
  });
  const center = document.getElementById("center");
  center.addEventListener("click", () => put(map.getCenter(), true));
  const corner = L.control({ position: "topright" });
  corner.onAdd = () => { L.DomEvent.disableClickPropagation(center); return center; };
  corner.addTo(map);

  // --- where the device is ------------------------------------------------------------------------------------------

  function forget() {
    accuracy.textContent = "";
    if (circle) circle.remove();
    circle = null;
  }

  function found(position) {
    const at = L.latLng(position.coords.latitude, position.coords.longitude);
    const meters = Math.max(1, Math.round(position.coords.accuracy));
    put(at, true);
    circle = L.circle(at, { radius: meters, className: "accuracy", interactive: false }).addTo(map);
    map.setView(at, Math.min(CLOSE, Math.max(10, map.getBoundsZoom(circle.getBounds()))));
    accuracy.textContent = words.accuracy.replace("{meters}", meters.toLocaleString(root.lang));
  }

  const here = document.getElementById("here");
  here.hidden = !navigator.geolocation || !window.isSecureContext; // without https nobody is told
  here.addEventListener("click", () => {
    here.disabled = true;
    accuracy.textContent = words.locating;
    const back = (then) => (given) => { here.disabled = false; then(given); };
    navigator.geolocation.getCurrentPosition(
      back(found),
      back((error) => { accuracy.textContent = error.code === 1 ? words.denied : words.unavailable; }),
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 10000 },
    );
  });

  // --- what it lies in ----------------------------------------------------------------------------------------------

  function say(text, warn, names) {
    spot.textContent = text;
    spot.classList.toggle("warn", warn);
    areas.eachLayer((layer) => {
      const path = layer.getElement();
      if (path) path.classList.toggle("here", names.includes(layer.feature.properties.vi));
    });
  }

  function ask() {
    clearTimeout(waiting);
    if (asking) asking.abort();
    waiting = setTimeout(() => {
      asking = new AbortController();
      const body = JSON.stringify({ lat: Number(lat.value), lon: Number(lon.value) });
      const headers = { "Content-Type": "application/json" };
      fetch(page.dataset.check, { method: "POST", body, headers, signal: asking.signal })
        .then((answer) => answer.json())
        .then((told) => say(told.text, told.warn, told.areas))
        .catch((error) => { if (error.name !== "AbortError") say(words.unmapped, false, []); });
    }, 250);
  }

  // --- sending ------------------------------------------------------------------------------------------------------

  function ready() {
    send.disabled = !lat.value && !address.value.trim();
  }

  address.addEventListener("input", ready);
  form.addEventListener("submit", () => { setTimeout(() => { send.disabled = true; }); });
  window.addEventListener("pageshow", ready); // also when the browser goes back to this page
  ready();
  if (lat.value && lon.value) {
    put(L.latLng(Number(lat.value), Number(lon.value)), false);
    map.setView(pin.getLatLng(), CLOSE, { animate: false });
  }
})();
