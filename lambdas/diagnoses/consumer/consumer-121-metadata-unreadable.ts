export { unreadableOfConsumers as default } from '../assets/unreadable-metadata.ts';
