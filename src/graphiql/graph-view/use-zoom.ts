import { type RefObject, useEffect, useLayoutEffect, useState } from "react";

/** Names can just be read at this scale. A drawing that would have to be smaller is scrolled, at one at which they are read easily. */
const SMALLEST_FIT = 0.6;
const SCROLLED = 0.85;
const STEP = 1.2;
const RANGE = [0.2, 2] as const;

/**
 * Scale of a drawing that is `width` wide. It fits its scroller, whose size may change, until the person chooses a scale: with the
 * buttons, or with Ctrl and the wheel.
 */
export function useZoom(scroller: RefObject<HTMLElement | null>, width: number) {
  const [space, setSpace] = useState(0);
  const [chosen, setChosen] = useState<number>();
  const fitted = space < width * SMALLEST_FIT ? SCROLLED : Math.min(1, space / width);
  const zoom = chosen ?? fitted;
  const scaleBy = (factor: number) => setChosen(Math.min(RANGE[1], Math.max(RANGE[0], zoom * factor)));

  // Before the first frame, so that the drawing is painted once.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    setSpace(element.clientWidth);
    const observer = new ResizeObserver(() => setSpace(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);

  useEffect(() => {
    const element = scroller.current;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const factor = event.deltaY < 0 ? STEP : 1 / STEP;
      setChosen((old) => Math.min(RANGE[1], Math.max(RANGE[0], (old ?? fitted) * factor)));
    };
    // React's own listener could not prevent the page from being zoomed.
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, [scroller, fitted]);

  return { zoom, zoomIn: () => scaleBy(STEP), zoomOut: () => scaleBy(1 / STEP), fit: () => setChosen(undefined) };
}
