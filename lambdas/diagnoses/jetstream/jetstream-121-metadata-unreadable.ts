export { unreadableOfStreams as default } from '../assets/unreadable-metadata.ts';
