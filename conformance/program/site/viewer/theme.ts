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
    // The theme's first page has no main part that a screen reader could jump to; every other one has it further in.
    const mark = (): void => {
      const content = document.getElementById("VPContent");
      if (frontmatter.value["layout"] === "home") content?.setAttribute("role", "main");
      else content?.removeAttribute("role");
    };
    onMounted(mark);
    watch(() => page.value.relativePath, mark, { flush: "post" });
  },
  enhanceApp({ app }) {
    app.component("Diagram", Diagram);
    app.component("ClaimFilter", ClaimFilter);
  },
};
