import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";

type Node = DefaultTreeAdapterTypes.ChildNode;

/** A comment as a browser has it: rendered as GitHub does, before what GitHub removes of it. */
export interface Rendered {
  /** All elements but code, as nested names: `ul(li(details(summary,table(…))))`. */
  skeleton: string;
  elements: ReadonlySet<string>;
  attributes: ReadonlySet<string>;
  /** What is within code or preformatted. */
  code: readonly string[];
  /** All other text, each node on its own: where platforms look for names and links. */
  text: readonly string[];
  comments: readonly string[];
}

/** Renders Markdown with GitHub's extensions, and reads the HTML as a browser does. */
export function rendered(markdown: string): Rendered {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const found = {
    elements: new Set<string>(),
    attributes: new Set<string>(),
    code: [] as string[],
    text: [] as string[],
    comments: [] as string[],
  };
  const visit = (node: Node, isCode: boolean): string => {
    if (node.nodeName === "#text" && "value" in node) {
      (isCode ? found.code : found.text).push(node.value);
      return "";
    }
    if (node.nodeName === "#comment" && "data" in node) {
      found.comments.push(node.data);
      return "";
    }
    if (!("childNodes" in node)) return "";
    found.elements.add(node.nodeName);
    for (const { name } of node.attrs) found.attributes.add(name);
    const isInner = isCode || node.nodeName === "code" || node.nodeName === "pre";
    const inner = node.childNodes.map((child) => visit(child, isInner)).filter(Boolean);
    return node.nodeName === "code" ? "" : `${node.nodeName}(${inner.join(",")})`;
  };
  const skeleton = parseFragment(html).childNodes.map((node) => visit(node, false));
  return { skeleton: skeleton.filter(Boolean).join(","), ...found };
}
