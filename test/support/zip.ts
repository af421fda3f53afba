import { crc32 } from 'node:zlib';

/** A ZIP of one file, stored as it is (APPNOTE.TXT §4.3). « Encrypted » says that it is under a password, and it is gibberish. */
export function zipOf(name: string, content: Buffer, { isEncrypted = false } = {}): Buffer {
  const fileName = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0); // the version that can read it
  common.writeUInt16LE(isEncrypted ? 1 : 0, 2); // flags
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(fileName.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, fileName, content]);
  // Version made by; then, after the common part: comment, disk, attributes, and the place of the local header (0).
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0'), common, Buffer.alloc(14), fileName]);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
