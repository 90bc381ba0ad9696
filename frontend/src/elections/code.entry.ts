// Where a device is asked for a code, it shows what it holds and could not send: an old code may have been revoked.
import { unsent } from "./waiting";

const section = document.querySelector<HTMLElement>("[data-unsent]");
const model = document.querySelector<HTMLTemplateElement>("[data-unsent-station]");
for (const [address, lines] of section && model ? unsent() : []) {
  const part = model!.content.cloneNode(true) as DocumentFragment;
  const title = part.querySelector("h3")!;
  title.textContent = title.textContent!.replace("%s", decodeURIComponent(address.split("/").at(-2)!));
  part.querySelector("ol")!.replaceChildren(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  section!.append(part);
  section!.hidden = false;
}
