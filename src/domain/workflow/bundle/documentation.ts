const DOCUMENTATION =
  /(?:^|\/)(?:readme|licen[cs]e|changelog|changes|contributing|notice|authors|code_of_conduct|security)(?:[.-][\w.-]*)?$/i;

/** Whether a file only tells people about a workflow, judged by its name: then it is no part of what the workflow does. */
export function isDocumentation(path: string): boolean {
  return DOCUMENTATION.test(path);
}
