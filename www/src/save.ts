/** Gives the person at the page a file. */
export function save(name: string, what: BlobPart): void {
  const url = URL.createObjectURL(new Blob([what], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
