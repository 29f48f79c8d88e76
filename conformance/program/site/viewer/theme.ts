import { type Theme, useData } from "vitepress";
import VPTheme from "vitepress/theme-without-fonts";
import { onMounted, watch } from "vue";
import { Diagram } from "./diagram.js";
import { ClaimFilter } from "./filter.js";

/** VitePress's own theme without its fonts, and our two components. */
export const theme: Theme = {
  extends: VPTheme,
  setup() {
    const { frontmatter, page } = useData();
    // The theme's first page, and that for an address which isn't there, have no main part that a screen reader could jump
    // to; every other one has it further in.
    const mark = (): void => {
      const content = document.getElementById("VPContent");
      if (frontmatter.value["layout"] === "home" || page.value.isNotFound)
        content?.setAttribute("role", "main");
      else content?.removeAttribute("role");
    };
    onMounted(mark);
    // What is folded away can't be unfolded on paper.
    onMounted(() => {
      addEventListener("beforeprint", () => unfold(true));
      addEventListener("afterprint", () => unfold(false));
    });
    watch(() => page.value.relativePath, mark, { flush: "post" });
  },
  enhanceApp({ app }) {
    app.component("Diagram", Diagram);
    app.component("ClaimFilter", ClaimFilter);
  },
};

/** Opens what is closed, and closes it again. */
function unfold(open: boolean): void {
  const closed = open ? ".vp-doc details:not([open])" : ".vp-doc details[data-printed]";
  for (const details of document.querySelectorAll<HTMLDetailsElement>(closed)) {
    details.open = open;
    details.toggleAttribute("data-printed", open);
  }
}
