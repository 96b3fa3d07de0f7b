// Icons are drawn here, as inline SVG: an icon font would be a download, and one that fails leaves blank squares.
import { h, type FunctionalComponent } from 'vue'

const paths: Record<string, string> = {
  home: 'M3 11.5 12 4l9 7.5M5.5 10v10h13V10M10 20v-6h4v6',
  patrol: 'M4 19c3-6 5-1 8-6s1-6 5-8M17 5h3.5v3.5M4 19h.01',
  report: 'M12 5v14M5 12h14',
  tray: 'M4 13.5 6.5 5h11L20 13.5V19H4zM4 13.5h5l1 2.5h4l1-2.5h5',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-4 3.6-6 7.5-6s6.7 2 7.5 6',
  back: 'M9 5 4 10l5 5M4 10h9a6 6 0 0 1 0 12h-2',
  left: 'M15 4.5 7.5 12l7.5 7.5',
  right: 'M9 4.5 16.5 12 9 19.5',
  check: 'M4 12.5 10 18.5 20.5 6',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.5l3.5 2',
  up: 'M12 20V5M5.5 11 12 4.5 18.5 11',
  pause: 'M8 5v14M16 5v14',
  pencil: 'M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19zM14 6.5l3.5 3.5',
  photo: 'M4 7.5h4L9.5 5h5L16 7.5h4V19H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
  gallery: 'M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9.5h.01',
  close: 'M5.5 5.5l13 13M18.5 5.5l-13 13',
  place: 'M12 21.5s7-6.3 7-11.5a7 7 0 1 0-14 0c0 5.2 7 11.5 7 11.5zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  net: 'M3 9.5a13 13 0 0 1 18 0M6.5 13a8 8 0 0 1 11 0M9.8 16.5a3.5 3.5 0 0 1 4.4 0M12 19.5h.01',
  nonet: 'M3 9.5a13 13 0 0 1 6-3.3M21 9.5a13 13 0 0 0-6-3.3M9.8 16.5a3.5 3.5 0 0 1 4.4 0M12 19.5h.01M4 3.5l16 17',
  warn: 'M12 4 2.5 20h19zM12 10v5M12 17.5h.01',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v6M12 7.5h.01',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3 19 19M5 19l1.7-1.7M17.3 6.7 19 5',
  refresh: 'M20 12a8 8 0 1 1-2.5-5.8M20.5 3v5h-5',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 21 21',
  trash: 'M5 7h14M9.5 7V4h5v3M7 7l1 13h8l1-13',
  disk: 'M4 6c0-3.5 16-3.5 16 0v12c0 3.5-16 3.5-16 0zM4 6c0 3.5 16 3.5 16 0M4 12c0 3.5 16 3.5 16 0',
  card: 'M3 5.5h18v13H3zM6.5 15.5c.5-2 4-2 4.5 0M8.8 11.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM14 9.5h4M14 13.5h4',
  lock: 'M6 11h12v9.5H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11',
  list: 'M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.01M4 12h.01M4 18h.01',
  out: 'M10 4H5v16h5M14.5 7.5 19 12l-4.5 4.5M19 12H9.5',
  stop: 'M6.5 6.5h11v11h-11z',
  people: 'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.6-3.5 3-5 6.5-5s5.9 1.5 6.5 5M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14.8c2.3.6 3.6 2.1 4 4.7',
  // What was found: drawn so that each can be told at arm's length.
  'sand.mining': 'M2 15h20l-3 5.5H5zM6 15V9.5h6V15M12 12l6.5-7.5M18.5 4.5V11M16.5 11h4',
  'sand.vessel': 'M2 14.5h20l-3 6H5zM7 14.5v-5h7l2.5 5M10 9.5V4',
  'shoreline.occupy': 'M3 20V8M9 20V8M15 20V8M21 20V8M3 11h18M3 16h18',
  'shoreline.extract': 'M3 20h18M5 20l4-7 3 3 3-6 4 10M12 9 8 4M10.5 3 7 5.5',
  'shoreline.dump': 'M2.5 20h19M4 20c1-4 3-6 5-6s3 2 3.5 3c.5-3 2-5 4-5s4 4 4 8M7.5 9h.01M12 7h.01M16.5 8h.01',
  'shoreline.build': 'M3 20.5h18M5 20.5V10l5 3v-3l5 3V4h4v16.5M8.5 17h2M13.5 17h2',
}

/** <Icon name="home"/>: decoration only, the words beside it are what is read out. */
export const Icon: FunctionalComponent<{ name: string; size?: number | string }> = (props) =>
  h('svg', {
    class: 'icon', viewBox: '0 0 24 24', width: props.size ?? '1.4em', height: props.size ?? '1.4em', fill: 'none', stroke: 'currentColor',
    'stroke-width': 2, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true',
  }, h('path', { d: paths[props.name] ?? paths.info }))
Icon.props = ['name', 'size']
