/** The head of the page: what it is, its menus, what is found with a word, and how it looks. */
import { type App, asked, part } from "../app.js";
import { isClosed, layout, setTheme, THEMES, toggle } from "../layout.js";
import { T } from "../strings.js";
import { Icon, Mark } from "./icons.js";
import { type Items, Menu } from "./menu.js";

/** Of the package: where its sources and its documents are. */
declare const __HOME__: string;

/** Up to this width one part lies over the other: as in style/small.css. */
export const narrow = (): boolean => innerWidth <= 1040;

const THEME_ICONS = { system: "system", light: "sun", dark: "moon" } as const;

export function Theme() {
  const { theme } = layout.value;
  return (
    <Menu
      label={T.theme}
      end
      class="themes"
      items={() =>
        THEMES.map((one) => ({ label: T.themes[one], icon: THEME_ICONS[one], checked: theme === one, act: () => setTheme(one) }))
      }
    >
      <Icon name={THEME_ICONS[theme]} />
    </Menu>
  );
}

export function showLessons(): void {
  if (narrow()) part.value = part.value === "lesson" ? "console" : "lesson";
  else {
    if (part.value === "explore") part.value = "console";
    else toggle("side");
  }
}

function helpItems(): Items {
  return [
    { label: T.shortcuts, icon: "command", key: "?", act: () => (asked.value = "keys") },
    { label: T.connect, icon: "server", act: () => (asked.value = "connect") },
    "line",
    { label: T.docs, icon: "book", href: "./docs/index.html" },
    { label: T.api, icon: "code", href: "./api/" },
    { label: T.source, icon: "branch", href: __HOME__ },
  ];
}

function View() {
  const one = (name: "side" | "monitor" | "data", label: string) => (
    <button
      type="button"
      class={`quiet pane-${name}`}
      aria-pressed={!isClosed(name)}
      aria-label={label}
      title={label}
      onClick={() => toggle(name)}
    >
      <Icon name="panel" />
    </button>
  );
  return (
    <div class="view" role="group" aria-label={T.view}>
      {one("side", T.showLessons)}
      {one("monitor", T.showMonitor)}
      {one("data", T.showKeys)}
    </div>
  );
}

export function Header({ sessionItems, exampleItems }: { app: App; sessionItems: () => Items; exampleItems: () => Items }) {
  const exploring = part.value === "explore";
  return (
    <header class="top">
      <h1>
        <Mark />
        {T.name}
      </h1>
      <p class="tagline">{T.tagline}</p>
      <nav class="menus" aria-label={T.menus}>
        <Menu label={T.session} class="session" items={sessionItems} />
        <Menu label={T.examples} class="examples" items={exampleItems} />
        <button
          type="button"
          class="quiet to-lessons"
          aria-pressed={narrow() ? part.value === "lesson" : !isClosed("side")}
          onClick={showLessons}
        >
          {T.lessons}
        </button>
        <button
          type="button"
          class="quiet explore"
          aria-pressed={exploring}
          title={T.exploreTitle}
          onClick={() => {
            part.value = exploring ? "console" : "explore";
          }}
        >
          {T.explore}
        </button>
      </nav>
      <button type="button" class="find" title={T.findLabel} onClick={() => (asked.value = "palette")}>
        <Icon name="search" /> <span>{T.find}</span> <kbd>{T.findKey}</kbd>
      </button>
      <div class="ends">
        <a class="quiet" href="./docs/index.html" target="_blank" rel="noreferrer">
          {T.docs}
        </a>
        <a class="quiet" href={__HOME__} target="_blank" rel="noreferrer">
          {T.source}
        </a>
        <View />
        <Theme />
        <Menu label={T.help} end class="help" items={helpItems}>
          <Icon name="help" />
        </Menu>
        <button type="button" class="primary share-button" aria-label={T.share} onClick={() => (asked.value = "share")}>
          <Icon name="share" />
          <span>{T.share}</span>
        </button>
      </div>
    </header>
  );
}
