import { ManagedPolicy, Role, type RoleProps } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RoleSettings } from '../settings/roles.ts';

/** A role, made as settings want all roles of the deployment. */
export const role = (
  scope: Construct,
  id: string,
  { path, permissionsBoundary }: RoleSettings,
  props: Omit<RoleProps, keyof RoleSettings>,
): Role =>
  new Role(scope, id, {
    ...props,
    ...(path !== undefined && { path }),
    ...(permissionsBoundary !== undefined && {
      permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(scope, `${id}Boundary`, permissionsBoundary),
    }),
  });
