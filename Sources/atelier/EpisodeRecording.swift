import Experiments
import FileFormats
import Imaging

/// The pictures of episodes on their way to a file, or to a folder of files.
struct EpisodeRecording {
  private enum Target {
    case gif(GIF)
    case apng(APNG)
    case folder(count: Int)
  }

  private let path: String
  private var target: Target

  /// A recording to what the path says: `.gif`, `.apng`, or a folder of PNG files, which is made.
  init(_ path: String, framesPerSecond: Int) throws(FileError) {
    self.path = path
    let delay = max(2, 100 / framesPerSecond)
    if path.hasSuffix(".gif") {
      target = .gif(GIF(delay: delay))
    } else if path.hasSuffix(".apng") {
      target = .apng(APNG(delay: delay))
    } else {
      try Files.createFolders(path)
      target = .folder(count: 0)
    }
  }

  /// Adds the picture of the next step.
  mutating func append(_ picture: Image) throws(FileError) {
    switch target {
    case .gif(var animation):
      // Nothing else may hold the animation while it grows, or every frame would copy it.
      target = .folder(count: 0)
      animation.append(picture)
      target = .gif(animation)
    case .apng(var animation):
      target = .folder(count: 0)
      animation.append(picture)
      target = .apng(animation)
    case .folder(let count):
      let name = Quantity.padded(count, to: 6)
      try DurableFile.write(PNG.encode(picture), to: "\(path)/\(name).png")
      target = .folder(count: count + 1)
    }
  }

  /// Writes the file.
  func finish() throws(FileError) {
    switch target {
    case .gif(let animation): try DurableFile.write(animation.encoded(), to: path)
    case .apng(let animation): try DurableFile.write(animation.encoded(), to: path)
    case .folder: break
    }
  }
}
