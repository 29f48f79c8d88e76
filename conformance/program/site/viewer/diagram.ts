import { useData, withBase } from "vitepress";
import { defineComponent, h, onBeforeUnmount, onMounted, ref, watch } from "vue";

/** What we use of mermaid, which is loaded by pages that have a diagram, when it comes into view. */
interface Mermaid {
  initialize(config: Readonly<Record<string, unknown>>): void;
  render(id: string, code: string): Promise<{ readonly svg: string }>;
}

let loaded: Promise<Mermaid> | undefined;
let drawn = 0;

function mermaid(): Promise<Mermaid> {
  const address = withBase("/mermaid/mermaid.esm.min.mjs");
  loaded ??= import(/* @vite-ignore */ address).then(
    (module: { readonly default: Mermaid }) => module.default,
  );
  return loaded;
}

/** A diagram: its text until it is drawn, and where it can't be. */
export const Diagram = defineComponent({
  props: { code: { type: String, required: true } },
  setup(props) {
    const { isDark } = useData();
    const element = ref<HTMLElement>();
    const state = ref<"text" | "drawn" | "failed">("text");
    const code = decodeURIComponent(props.code);
    let observer: IntersectionObserver | undefined;
    let inView = false;
    let latest = 0;

    async function draw(): Promise<void> {
      latest += 1;
      const turn = latest;
      try {
        const library = await mermaid();
        library.initialize({
          startOnLoad: false,
          securityLevel: "strict",
          suppressErrorRendering: true,
          maxTextSize: 1_000_000,
          maxEdges: 10_000,
          theme: isDark.value ? "dark" : "default",
          fontFamily: "inherit",
          sequence: { useMaxWidth: true },
        });
        drawn += 1;
        const { svg } = await library.render(`diagram-${drawn}`, code);
        if (element.value === undefined || turn !== latest) return;
        element.value.innerHTML = svg;
        const picture = element.value.firstElementChild;
        picture?.setAttribute("role", "img");
        picture?.setAttribute("aria-label", "A diagram; the same follows as text where it shows a run");
        state.value = "drawn";
      } catch {
        if (turn === latest) state.value = "failed";
      }
    }

    onMounted(() => {
      observer = new IntersectionObserver((entries) => {
        if (inView || !entries.some((entry) => entry.isIntersecting)) return;
        inView = true;
        void draw();
      });
      if (element.value !== undefined) observer.observe(element.value);
    });
    onBeforeUnmount(() => observer?.disconnect());
    watch(isDark, () => {
      if (inView) void draw();
    });

    return () =>
      h("figure", { class: "diagram", tabindex: 0, "aria-label": "Diagram", "data-state": state.value }, [
        // Vue leaves what is drawn alone: this element never changes for it.
        h("div", { ref: element, class: "drawing" }, [h("pre", code)]),
        ...(state.value === "failed"
          ? [h("p", "This diagram can't be drawn here; its text stands above.")]
          : []),
      ]);
  },
});
