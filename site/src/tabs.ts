/** Where the reader's choice is kept, for every page. */
const key = "formations-language";

/**
 * Shows alternatives, which the page has as `<details>` one below the other, as tabs. A choice holds for all
 * tabs of the page, and for the pages that are opened later.
 */
class LanguageTabs extends HTMLElement {
  connectedCallback(): void {
    const list = document.createElement("div");
    list.role = "tablist";
    list.ariaLabel = "Languages";
    list.addEventListener("keydown", (event) => this.#move(event));
    for (const details of this.querySelectorAll(":scope > details")) {
      const summary = details.querySelector("summary");
      const tab = document.createElement("button");
      tab.role = "tab";
      tab.type = "button";
      tab.textContent = summary?.textContent ?? "";
      tab.addEventListener("click", () => choose(tab.textContent));
      list.append(tab);
      summary?.remove();
      const panel = document.createElement("div");
      panel.role = "tabpanel";
      panel.ariaLabel = tab.textContent;
      panel.append(...details.childNodes);
      details.replaceWith(panel);
    }
    this.prepend(list);
    this.show(localStorage.getItem(key) ?? "");
  }

  /** Shows an alternative; the first one, if no alternative has that name. */
  show(name: string): void {
    const tabs = [...this.querySelectorAll<HTMLElement>("[role=tab]")];
    const chosen = tabs.find((tab) => tab.textContent === name) ?? tabs[0];
    for (const tab of tabs) {
      tab.ariaSelected = String(tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
    }
    for (const panel of this.querySelectorAll<HTMLElement>("[role=tabpanel]")) {
      panel.hidden = panel.ariaLabel !== chosen?.textContent;
    }
  }

  /** The arrow keys go from tab to tab, as they do in every list of tabs. */
  #move({ key, target }: KeyboardEvent): void {
    if (!(target instanceof HTMLElement)) return;
    const beside = {
      ArrowLeft: target.previousElementSibling,
      ArrowRight: target.nextElementSibling,
    };
    const next = key in beside ? beside[key as keyof typeof beside] : undefined;
    if (!(next instanceof HTMLElement)) return;
    next.focus();
    next.click();
  }
}

function choose(name: string): void {
  localStorage.setItem(key, name);
  for (const tabs of document.querySelectorAll<LanguageTabs>("language-tabs")) tabs.show(name);
}

customElements.define("language-tabs", LanguageTabs);
