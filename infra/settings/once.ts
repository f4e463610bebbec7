import * as z from 'zod';
import { once as standsOnce } from '../../lambdas/settings.ts';

/** A list in which nothing stands twice. */
export const once = (item: z.ZodString) => z.array(item).check(standsOnce((each: string) => each));
