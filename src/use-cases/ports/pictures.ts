/** Makes pictures that every client shows. */
export interface Pictures {
  /**
   * A PNG of the size that the SVG states, by the fonts that Towpath brings along. Characters in none of them (emoji) are left out.
   * @throws Error where the SVG is none, or takes too long
   */
  png(svg: string): Promise<Uint8Array>;
}
