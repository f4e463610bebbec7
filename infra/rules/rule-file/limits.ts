/** In characters. A Kubernetes ConfigMap or secret holds a fifth of it. */
export const longestFile = 5_000_000;

/** YAML's smallest parts; 10,000 rules of twelve lines have 600,000. */
export const mostLexemes = 1_500_000;

/** How deep collections may nest; those of rule files nest six deep. */
export const deepestYaml = 50;

/** Keys and values read, each as often as aliases or a group's labels repeat it; 10,000 rules with ten labels and annotations have 400,000. */
export const mostValues = 1_000_000;
