import * as z from 'zod';

/** A list in which nothing stands twice. */
export const once = (item: z.ZodString) =>
  z.array(item).superRefine((items, context) => {
    items.forEach((each, i) => {
      if (items.indexOf(each) === i) return;
      context.addIssue({ code: 'custom', path: [i], message: `${each} stands twice` });
    });
  });
