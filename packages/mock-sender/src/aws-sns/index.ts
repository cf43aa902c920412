export { awsSnsMock } from "./aws-sns-mock.ts";
export type { AwsSnsCredentials, AwsSnsMockOptions } from "./aws-sns-mock.ts";
