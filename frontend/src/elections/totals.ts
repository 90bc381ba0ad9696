// The form of a station's totals: which ones it replaces, and on which lines two people differ.
import { fields, fill, hidden, isTyped, valuesOf, type Form } from "./figures";
import type { Sent } from "./waiting";

const whyOf = (form: Form): HTMLLabelElement => form.querySelector<HTMLLabelElement>("[data-why]")!;

/** Totals replace those that stood when their typing began: what came meanwhile, the server tells of. */
export function drawTotals(form: Form, { differs, totals }: DOMStringMap): void {
  const lines = (differs ?? "").split(" ").filter(Boolean);
  for (const one of fields(form)) one.labels![0]!.classList.toggle("differs", lines.includes(one.name));
  const panel = form.closest("details")!;
  if (lines.length && !form.dataset.differs) panel.open = true;
  form.dataset.differs = lines.join(" ");
  const why = whyOf(form).querySelector("input")!;
  if (!isTyped(form) && !form.dataset.mends) {
    if (totals && !hidden(form, "replaces").value && !lines.length) panel.open = false; // they stand now: nothing to type
    hidden(form, "replaces").value = totals ?? "";
    why.value = why.defaultValue = lines.length ? form.dataset.differed! : "";
  }
  why.required = hidden(form, "replaces").value !== "";
  whyOf(form).hidden = !why.required;
}

/** What the form holds that brings totals back; those that the server found there are what it replaces now. */
export function bringBack(form: Form, { payload, problem }: Sent, typed: Record<string, string> | undefined): void {
  fill(form, typed ?? valuesOf(payload));
  if (problem?.kind === "conflict") hidden(form, "replaces").value = String(problem.entry ?? "");
}

/** An entry to which someone said yes: to what was asked, and to the figures that were shown, which it replaces for a reason. */
export const confirmed = (entry: Sent, there: number | null | undefined, why: string): Sent =>
  ({ ...entry, sure: true, payload: there ? { ...entry.payload, replaces: there, ...(why && { why }) } : entry.payload });
