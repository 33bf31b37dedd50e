/* The last stills: small ones in a row, one in full, and the way to save it. */

import { part } from "./kinds.js";

export class Stills {
  constructor() {
    this.section = part("stills", HTMLElement);
    this.list = part("thumbs", HTMLUListElement);
    this.dialog = part("still", HTMLDialogElement);
    this.large = part("large", HTMLImageElement);
    this.save = part("save", HTMLAnchorElement);
    this.names = "";
    part("close", HTMLButtonElement).addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => this.large.removeAttribute("src"));
  }

  /** @param {string[]} names the newest first */
  show(names) {
    if (String(names) === this.names) return;
    this.names = String(names);
    this.section.hidden = names.length === 0;
    this.list.replaceChildren(...names.map((name) => {
      const image = new Image();
      image.src = `/thumbs/${name}`;
      image.alt = `Still of ${when(name)}`;
      image.loading = "lazy";
      const button = document.createElement("button");
      button.type = "button";
      button.append(image);
      button.addEventListener("click", () => this.open(name));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
  }

  /** @param {string} name */
  open(name) {
    this.large.src = `/stills/${name}`;
    this.large.alt = `Still of ${when(name)}`;
    this.save.href = `/stills/${name}`;
    this.save.download = name;
    this.dialog.showModal();
  }
}

/** @param {string} name of a still, which has its time in UTC */
function when(name) {
  const found = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(name);
  if (!found) return name;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second)).toLocaleString();
}
