/// What is known of Python's pickles (CPython's pickletools.py): the instructions that PyTorch's
/// files are made of, and the limits of what is read.
enum Pickle {
  /// The newest version; each takes over the instructions of those before it.
  static let greatestVersion = 5
  /// Bytes of one pickle: PyTorch takes about 150 for a tensor.
  static let greatestLength = 16 << 20
  /// Values that instructions make, over all pickles of a file.
  static let greatestValueCount = 4_000_000
  /// Values that wait to be put into others; Python puts a thousand into a dictionary at once.
  static let greatestStackDepth = 10_000
  static let greatestMemoCount = 1_000_000
  /// Bytes of the name of a module, class or function.
  static let greatestNameLength = 256

  /// An instruction. Python's name for it stands beside it where ours differs.
  enum Opcode: UInt8 {
    /// PROTO
    case protocolVersion = 0x80
    case frame = 0x95
    case stop = 0x2E
    case mark = 0x28

    case none = 0x4E
    case newTrue = 0x88
    case newFalse = 0x89
    /// BININT: four bytes with a sign.
    case integer4 = 0x4A
    /// BININT1
    case integer1 = 0x4B
    /// BININT2
    case integer2 = 0x4D
    case long1 = 0x8A
    /// BINFLOAT
    case real = 0x47
    /// BINUNICODE
    case text4 = 0x58
    /// SHORT_BINUNICODE
    case text1 = 0x8C
    /// SHORT_BINSTRING, a text of Python 2.
    case string1 = 0x55
    /// BINSTRING, a text of Python 2.
    case string4 = 0x54
    /// SHORT_BINBYTES
    case bytes1 = 0x43
    /// BINBYTES
    case bytes4 = 0x42

    case emptyTuple = 0x29
    case tuple = 0x74
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case emptyList = 0x5D
    case append = 0x61
    case appends = 0x65
    /// EMPTY_DICT
    case emptyDictionary = 0x7D
    case setItem = 0x73
    case setItems = 0x75

    /// BINGET
    case get1 = 0x68
    /// LONG_BINGET
    case get4 = 0x6A
    /// BINPUT
    case put1 = 0x71
    /// LONG_BINPUT
    case put4 = 0x72
    case memoize = 0x94

    case global = 0x63
    case stackGlobal = 0x93
    case reduce = 0x52
    /// NEWOBJ
    case newObject = 0x81
    case build = 0x62
    /// BINPERSID
    case persistentID = 0x51
  }

  /// A value. Tuples, lists, dictionaries and tensors are places in the reader's lists of them, so
  /// that values which hold themselves do no harm.
  enum Value {
    case none
    case truth(Bool)
    case integer(Int)
    /// A whole number of more than eight bytes, little-endian.
    case longInteger([UInt8])
    case real
    case bytes
    case text(String)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(PyTorchGlobal)
    case storage(Int)
    case tensor(Int)

    /// What it is called in errors.
    var kind: String {
      switch self {
      case .none: "None"
      case .truth: "a truth value"
      case .integer, .longInteger: "a whole number"
      case .real: "a number"
      case .bytes: "bytes"
      case .text: "a text"
      case .tuple: "a tuple"
      case .list: "a list"
      case .dictionary: "a dictionary"
      case .global: "a class or function"
      case .storage: "a storage"
      case .tensor: "a tensor"
      }
    }
  }

  /// A storage that a pickle names: the numbers of one tensor or several.
  struct Storage {
    /// Its name among the storages.
    let key: String
    /// nil where the tensors say it.
    let elementType: TensorRecord.ElementType?
    /// How many elements it has; bytes where it has no type.
    let count: Int
  }

  /// A tensor that a pickle describes.
  struct Tensor {
    let elementType: TensorRecord.ElementType
    let elements: StridedElements
    /// The place of its storage in the list of them.
    let storage: Int
  }
}
