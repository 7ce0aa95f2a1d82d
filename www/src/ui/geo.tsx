/**
 * Places on a map: coasts, degrees, a scale, distances, and a circle that asks GEOSEARCH. Longitude and latitude are the axes, narrowed by the
 * cosine of the middle latitude, so that a circle is one wherever people live. Coasts come when the first map does.
 */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { View } from "../app.js";
import { GEO } from "../strings.js";
import { readable } from "../text.js";
import { Add, coordinates } from "./edits.js";
import { Icon } from "./icons.js";
import { Scores } from "./shapes.js";
import { list, type Shown, text } from "./shown.js";
import "../style/geo.css";

/** Places on the map at most, and names beside them. */
const POINTS = 500;
const NAMES = 30;
/** Meters of a degree of latitude. */
const DEGREE = 111_195;
const WIDE = 480;
/** Of a map that has no size yet. */
const HIGH = 300;
const LEAST = 150;

interface Place {
  name: string;
  x: number;
  y: number;
}

/** What of the world is on the map: its middle, and how many degrees of latitude are high. */
interface Window {
  x: number;
  y: number;
  high: number;
}

/** Rings of coasts in degrees. */
let coasts: [number, number][][] | undefined;

async function load(): Promise<[number, number][][]> {
  const { COASTS, GRID } = await import("../world.gen.js");
  coasts ??= COASTS.split(" ").map((ring) => {
    const points: [number, number][] = [];
    const way = [0, 0];
    let at = 0;
    const number = (): number => {
      let value = 0;
      let bits = 0;
      let char: number;
      do {
        char = ring.charCodeAt(at++) - 63;
        value |= (char & 31) << bits;
        bits += 5;
      } while (char >= 32);
      return value & 1 ? ~(value >> 1) : value >> 1;
    };
    while (at < ring.length) {
      way[0]! += number();
      way[1]! += number();
      points.push([way[0]! / GRID, way[1]! / GRID]);
    }
    return points;
  });
  return coasts;
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Meters between two places. */
function distance(a: Place, b: Place): number {
  const sine = (from: number, to: number): number => Math.sin(radians(to - from) / 2) ** 2;
  const chord = sine(a.y, b.y) + Math.cos(radians(a.y)) * Math.cos(radians(b.y)) * sine(a.x, b.x);
  return 2 * 6_372_797.56 * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** A distance, for people. */
export function far(meters: number): string {
  return meters < 1000
    ? `${Math.round(meters)} m`
    : `${(meters / 1000).toLocaleString("en", { maximumFractionDigits: meters < 100_000 ? 1 : 0 })} km`;
}

/** 1, 2 or 5 times a power of ten, at most `most`. */
function round(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1) * power;
}

/** All places, with some room around them. */
function around(places: readonly Place[]): Window {
  if (places.length === 0) return { x: 0, y: 20, high: 140 };
  const xs = places.map(({ x }) => x);
  const ys = places.map(({ y }) => y);
  const y = (Math.min(...ys) + Math.max(...ys)) / 2;
  const wide = (Math.max(...xs) - Math.min(...xs)) * Math.cos(radians(y));
  const high = Math.max(Math.max(...ys) - Math.min(...ys), (wide * HIGH) / WIDE, 0.01);
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y, high: Math.min(high * 1.7, 170) };
}

/** Degrees east and north, or west and south. */
const degrees = (n: number, names: string): string => {
  const digits = Math.abs(n - Math.round(n)) < 1e-9 ? 0 : Math.min(4, Math.max(1, Math.ceil(-Math.log10(Math.abs(n % 1) || 1)) + 1));
  return `${Number(Math.abs(n).toFixed(digits))}°${n === 0 ? "" : names[n > 0 ? 0 : 1]}`;
};

type Box = [left: number, top: number, right: number, bottom: number];

/** Names that stand on no other's place: points that come first have theirs first. */
function labels(
  places: readonly Place[],
  tall: number,
  at: (place: Place) => [number, number],
): { place: Place; x: number; y: number; end: boolean }[] {
  const taken: Box[] = [];
  const out: { place: Place; x: number; y: number; end: boolean }[] = [];
  for (const place of places) {
    const [x, y] = at(place);
    if (x < 0 || x > WIDE || y < 0 || y > tall) continue;
    const long = Math.min(24, readable(place.name, 24).length) * 5.6;
    const sides: [boolean, number][] = [
      [false, 0],
      [true, 0],
      [false, 11],
      [true, -11],
    ];
    for (const [end, by] of sides) {
      const box: Box = end ? [x - long - 8, y + by - 6, x - 8, y + by + 6] : [x + 8, y + by - 6, x + long + 8, y + by + 6];
      if (box[0] < 0 || box[2] > WIDE || taken.some(([l, t, r, b]) => box[0] < r && box[2] > l && box[1] < b && box[3] > t)) continue;
      taken.push(box);
      out.push({ place, x: end ? x - 8 : x + 8, y: y + by + 3.5, end });
      break;
    }
  }
  return out;
}

interface Circle {
  place: Place;
  meters: number;
}

function GeoMap({
  places,
  count,
  circle,
  pick,
}: {
  places: readonly Place[];
  count: number;
  circle: Circle | undefined;
  pick: (place: Place) => void;
}) {
  const [land, setLand] = useState(coasts);
  const [by, setBy] = useState({ x: 0, y: 0, zoom: 1 });
  const grip = useRef<{ x: number; y: number } | undefined>(undefined);
  const box = useRef<SVGSVGElement>(null);
  const [tall, setTall] = useState(HIGH);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      if (width > 0) setTall(Math.max(LEAST, Math.round((height / width) * WIDE)));
    });
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => void load().then(setLand, () => {}), []);
  const fit = useMemo(() => around(places), [places]);
  const window = { x: fit.x + by.x, y: Math.max(-85, Math.min(85, fit.y + by.y)), high: Math.min(170, fit.high / by.zoom) };
  const scale = tall / window.high;
  const narrow = Math.cos(radians(Math.max(-75, Math.min(75, window.y))));
  const across = (x: number): number => WIDE / 2 + (x - window.x) * narrow * scale;
  const down = (y: number): number => tall / 2 - (y - window.y) * scale;
  const at = ({ x, y }: Place): [number, number] => [across(x), down(y)];
  const path = useMemo(() => {
    let out = "";
    for (const ring of land ?? []) {
      const points = ring.map(([x, y]): [number, number] => [across(x), down(y)]);
      if (
        points.every(([x]) => x < 0) ||
        points.every(([x]) => x > WIDE) ||
        points.every(([, y]) => y < 0) ||
        points.every(([, y]) => y > tall)
      )
        continue;
      out += `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;
    }
    return out;
  }, [land, window.x, window.y, window.high, tall]);
  const step = round(window.high / 2.2);
  const lines = (from: number, to: number): number[] => {
    const out: number[] = [];
    for (let n = Math.ceil(from / step); n * step <= to; n++) out.push(Number((n * step).toFixed(6)));
    return out;
  };
  const wide = WIDE / narrow / scale;
  const bar = round((DEGREE * window.high * 0.3 * WIDE) / tall);
  const long = (bar / DEGREE) * scale;
  const zoom = (factor: number): void => setBy((old) => ({ ...old, zoom: Math.min(2000, Math.max(0.02, old.zoom * factor)) }));
  const name = GEO.map(places.length);
  return (
    <div class="map-box">
      <svg
        ref={box}
        class="map"
        viewBox={`0 0 ${WIDE} ${tall}`}
        role="group"
        aria-label={name}
        onPointerDown={(event) => {
          if ((event.target as Element).closest(".place")) return;
          grip.current = { x: event.clientX, y: event.clientY };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          const from = grip.current;
          if (from === undefined) return;
          const size = box.current!.clientWidth / WIDE;
          const dx = (event.clientX - from.x) / size / scale / narrow;
          const dy = (event.clientY - from.y) / size / scale;
          grip.current = { x: event.clientX, y: event.clientY };
          setBy((old) => ({ ...old, x: old.x - dx, y: old.y + dy }));
        }}
        onPointerUp={() => {
          grip.current = undefined;
        }}
        onWheel={(event) => {
          if (!event.ctrlKey && !event.metaKey) return;
          event.preventDefault();
          zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
        }}
      >
        <rect class="sea" width={WIDE} height={tall} />
        <path class="land" d={path} />
        {lines(window.x - wide / 2, window.x + wide / 2).map((x) => (
          <g key={`x${x}`}>
            <path class="degree" d={`M${across(x)} 0V${tall}`} />
            <text class="degree" x={across(x) + 3} y={10}>
              {degrees(((x + 540) % 360) - 180, "EW")}
            </text>
          </g>
        ))}
        {lines(window.y - window.high / 2, window.y + window.high / 2)
          .filter((y) => Math.abs(y) <= 90)
          .map((y) => (
            <g key={`y${y}`}>
              <path class="degree" d={`M0 ${down(y)}H${WIDE}`} />
              <text class="degree" x={3} y={down(y) - 3}>
                {degrees(y, "NS")}
              </text>
            </g>
          ))}
        {circle && (
          <ellipse
            class="radius"
            cx={across(circle.place.x)}
            cy={down(circle.place.y)}
            rx={((circle.meters / DEGREE) * scale * narrow) / Math.max(0.05, Math.cos(radians(circle.place.y)))}
            ry={(circle.meters / DEGREE) * scale}
          />
        )}
        {places.map((place) => {
          const [x, y] = at(place);
          const inside = circle === undefined || distance(circle.place, place) <= circle.meters;
          return (
            <g key={place.name} class={`place${inside ? "" : " out"}`} onClick={() => pick(place)}>
              <title>{`${readable(place.name, 60)} ${place.x.toFixed(4)}, ${place.y.toFixed(4)}`}</title>
              <circle class="touch" cx={x} cy={y} r={10} />
              <circle cx={x} cy={y} r={count > 100 ? 2.5 : 4} />
            </g>
          );
        })}
        {places.length <= NAMES &&
          labels(places, tall, at).map(({ place, x, y, end }) => (
            <text key={place.name} class="label" x={x} y={y} text-anchor={end ? "end" : "start"}>
              {readable(place.name, 24)}
            </text>
          ))}
        <g class="scale">
          <path d={`M${WIDE - 12 - long} ${tall - 14}v4h${long}v-4`} />
          <text x={WIDE - 12 - long / 2} y={tall - 17} text-anchor="middle">
            {far(bar)}
          </text>
        </g>
      </svg>
      <div class="map-tools">
        <button type="button" aria-label={GEO.in} title={GEO.in} onClick={() => zoom(1.6)}>
          <Icon name="plus" size={14} />
        </button>
        <button type="button" aria-label={GEO.out} title={GEO.out} onClick={() => zoom(1 / 1.6)}>
          <Icon name="minus" size={14} />
        </button>
        <button type="button" aria-label={GEO.fit} title={GEO.fit} onClick={() => setBy({ x: 0, y: 0, zoom: 1 })}>
          <Icon name="pin" size={14} />
        </button>
      </div>
    </div>
  );
}

/** Places around one of them, as GEOSEARCH has them, the nearest first. */
function Radius({
  view,
  name,
  places,
  circle,
  set,
}: {
  view: View;
  name: string;
  places: readonly Place[];
  circle: Circle;
  set: (circle: Circle | undefined) => void;
}) {
  const found = list(
    view.keyspace.ask("GEOSEARCH", name, "FROMMEMBER", circle.place.name, "BYRADIUS", circle.meters, "m", "ASC", "COUNT", 100, "WITHDIST"),
  ).map((one) => ({ name: text(list(one)[0]), meters: Number(text(list(one)[1])) }));
  const most = Math.max(1000, ...places.map((place) => distance(circle.place, place))) * 1.3;
  // The slider goes by powers, so that small circles are as easy as large ones.
  const power = Math.log(most / 100);
  return (
    <section class="radius-tool" aria-label={GEO.around(readable(circle.place.name, 40))}>
      <header>
        <h3>{GEO.around(readable(circle.place.name, 40))}</h3>
        <label>
          <span class="unseen">{GEO.radius}</span>
          <input
            type="range"
            min={0}
            max={1000}
            aria-valuetext={far(circle.meters)}
            value={Math.round((Math.log(circle.meters / 100) / power) * 1000)}
            onInput={(event) => set({ ...circle, meters: Math.round(100 * Math.exp((power * Number(event.currentTarget.value)) / 1000)) })}
          />
        </label>
        <output>{far(circle.meters)}</output>
        <button type="button" class="ghost" aria-label={GEO.close} title={GEO.close} onClick={() => set(undefined)}>
          <Icon name="close" size={14} />
        </button>
      </header>
      <ol>
        {found.map(({ name: other, meters }) => (
          <li key={other}>
            <button
              type="button"
              class="link"
              onClick={() => {
                const place = places.find((one) => one.name === other);
                if (place) set({ place, meters: circle.meters });
              }}
            >
              {readable(other, 60)}
            </button>
            <span class="muted">{far(meters)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function GeoView(shown: Shown) {
  const { view, name, edit } = shown;
  const asMap = useSignal(true);
  const circle = useSignal<Circle | undefined>(undefined);
  const count = Number(view.keyspace.ask("ZCARD", name) ?? 0);
  const members = list(view.keyspace.ask("ZRANGE", name, 0, POINTS - 1)).map(text);
  const found = members.length === 0 ? [] : list(view.keyspace.ask("GEOPOS", name, ...members));
  const all = found
    .map((at, i) => ({ name: members[i]!, x: Number(text(list(at)[0]) || Number.NaN), y: Number(text(list(at)[1]) || Number.NaN) }))
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  // The same places are the same list: the map stays where it was moved to.
  const key = JSON.stringify(all);
  const places = useMemo(() => all, [key]);
  const pick = (place: Place): void => {
    const others = places.map((other) => distance(place, other)).sort((a, b) => a - b);
    const near = others[Math.min(others.length - 1, 3)] ?? 1000;
    circle.value = { place, meters: Math.max(100, Math.round(near * 1.1)) };
  };
  const at = circle.value && places.find((place) => place.name === circle.value?.place.name);
  return (
    <>
      <div class="tools bar">
        <div class="segments" role="group" aria-label={GEO.as}>
          {[true, false].map((map) => (
            <button
              key={String(map)}
              type="button"
              aria-pressed={asMap.value === map}
              onClick={() => {
                asMap.value = map;
              }}
            >
              {map ? GEO.asMap : GEO.asScores}
            </button>
          ))}
        </div>
        {asMap.value && (
          <label class="grow">
            <span class="unseen">{GEO.pick}</span>
            <select
              value={circle.value?.place.name ?? ""}
              onChange={(event) => {
                const place = places.find((one) => one.name === event.currentTarget.value);
                if (place) pick(place);
                else circle.value = undefined;
              }}
            >
              <option value="">{GEO.pick}</option>
              {places.map((place) => (
                <option key={place.name} value={place.name}>
                  {readable(place.name, 40)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {asMap.value ? (
        <div class="map-side">
          <GeoMap places={places} count={count} circle={at && circle.value} pick={pick} />
          {count > POINTS && <p class="note">{GEO.first(POINTS, count)}</p>}
          {at && circle.value ? (
            <Radius
              view={view}
              name={name}
              places={places}
              circle={circle.value}
              set={(to) => {
                circle.value = to;
              }}
            />
          ) : (
            places.length > 1 && <p class="note">{GEO.hint}</p>
          )}
        </div>
      ) : (
        <Scores {...shown} />
      )}
      <Add
        fields={["member", "longitude, latitude"]}
        actions={{ [GEO.add]: (member, at) => edit("GEOADD", name, ...coordinates(at!), member!) }}
      />
    </>
  );
}
