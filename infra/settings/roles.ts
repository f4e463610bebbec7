import * as z from 'zod';

/** How the roles are made that the deployment needs. */
export const roleSettings = z
  .strictObject({
    path: z
      .string()
      .regex(
        /^\/([\x21-\x7e]{1,510}\/)?$/,
        'expected a path that begins and ends with "/", such as /monitoring/',
      )
      .optional(),
    permissionsBoundary: z
      .string()
      .regex(
        /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512}$/,
        'expected the ARN of a policy, such as arn:aws:iam::123456789012:policy/boundary',
      )
      .optional(),
  })
  .default({});

export type RoleSettings = z.output<typeof roleSettings>;
