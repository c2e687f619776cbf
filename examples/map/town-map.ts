/** The map: a backdrop that is drawn here, because tiles would come from the network, and a dot for each vehicle. */

import * as L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import { NORTH_EAST, type Place, parks, river, roads, SOUTH_WEST } from './town.ts';

/** They stand out on a light and on a dark map. */
const COLOURS = ['#d1495b', '#3f7fc4', '#2f9e77', '#c98a1b'];

const latLng = ([east, north]: Place): L.LatLngTuple => [north, east];

const shape = (className: string) => ({ className, interactive: false });

export class TownMap {
  readonly #map: L.Map;
  readonly #dots = new Map<number, L.CircleMarker>();
  readonly #renderer = L.canvas({ pane: 'markerPane' });

  constructor(box: HTMLElement) {
    // Metres in place of degrees. For degrees, leave out `crs`.
    this.#map = L.map(box, { crs: L.CRS.Simple, minZoom: -4, zoomSnap: 0.25 });
    this.#map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
    const town = L.latLngBounds([latLng(SOUTH_WEST), latLng(NORTH_EAST)]);
    // The town fills the box. What is outside of it is reached by dragging.
    this.#map.setView([0, 0], this.#map.getBoundsZoom(town, true));
    // Leaflet draws them as SVG, which the style sheet colours, for light and dark.
    for (const park of parks) L.polygon(park.map(latLng), shape('park')).addTo(this.#map);
    L.polyline(river.map(latLng), shape('river')).addTo(this.#map);
    for (const road of roads) L.polyline(road.map(latLng), shape('road')).addTo(this.#map);
  }

  place(id: number, place: Place): void {
    const dot = this.#dots.get(id)?.setLatLng(latLng(place)) ?? this.#add(id, place);
    this.#dots.set(id, dot);
  }

  #add(id: number, place: Place): L.CircleMarker {
    const fillColor = COLOURS[id % COLOURS.length] ?? '';
    const look = { interactive: false, radius: 4, weight: 1, color: '#fff', fillColor, fillOpacity: 1 };
    return L.circleMarker(latLng(place), { ...look, renderer: this.#renderer }).addTo(this.#map);
  }
}
