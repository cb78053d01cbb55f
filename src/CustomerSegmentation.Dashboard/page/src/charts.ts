import { BarChart, LineChart, SankeyChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { EChartsCoreOption } from 'echarts/core';
import { cssColour, motionReduced, onColours } from './theme';

// Only the parts of echarts that the page draws with are in the bundle. This module is loaded when the first chart is needed.

echarts.use([
  BarChart,
  LineChart,
  SankeyChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
  CanvasRenderer,
]);

export interface Ink {
  text: string;
  muted: string;
  line: string;
  surface: string;
  accent: string;
  warn: string;
}

export interface Chart {
  redraw: () => void;
}

const ink = (): Ink => ({
  text: cssColour('--text'),
  muted: cssColour('--muted'),
  line: cssColour('--line'),
  surface: cssColour('--surface'),
  accent: cssColour('--accent'),
  warn: cssColour('--warn'),
});

/**
 * Draws into an element until the signal ends: anew when colours change, to size when the element changes. The element keeps its label
 * for screen readers; the numbers stand in a table beside the chart.
 */
export function draw(element: HTMLElement, signal: AbortSignal, option: (ink: Ink, narrow: boolean) => EChartsCoreOption): Chart {
  const chart = echarts.init(element, null, { renderer: 'canvas' });
  const redraw = (): void => {
    const colours = ink();
    chart.setOption(
      {
        animation: !motionReduced(),
        animationDuration: 300,
        textStyle: { fontFamily: 'system-ui, sans-serif', color: colours.text },
        ...option(colours, element.clientWidth < 520),
      },
      { replaceMerge: ['series'] },
    );
  };
  redraw();
  const observer = new ResizeObserver(() => {
    chart.resize();
    redraw();
  });
  observer.observe(element);
  onColours(redraw, signal);
  signal.addEventListener('abort', () => {
    observer.disconnect();
    chart.dispose();
  });
  return { redraw };
}

/** Tooltips are drawn on the canvas: markup in a name stays text, and no inline style is needed. */
export function tooltip(colours: Ink): object {
  return {
    renderMode: 'richText',
    confine: true,
    backgroundColor: colours.surface,
    borderColor: colours.line,
    textStyle: { color: colours.text, fontSize: 13 },
  };
}
