import { collectorOf, type SeriesDefinition } from '../../lambdas/series/definition.ts';

/** How many series a server has of a definition, with so many streams, consumers and so on. */
export const seriesPerServer = (series: SeriesDefinition, entities: number): number =>
  collectorOf(series).per === 'server' ? 1 : entities;
